/** So many bytes are worth a question. A typed key is a few dozen: quiet hours stay quiet. */
const ASK_AFTER_BYTES = 1024

/**
 * The most that may be on its way, and so the most, with one frame, that a line which hung replays. As one question is
 * under way at a time, half of it gets through per round trip: 80 kB/s at 200 ms, more than a large screen of log lines needs.
 */
const MOST_BYTES = 32 * 1024

/** What may be on its way at first: how slow the line is shows by its answers. */
const FIRST_BYTES = 4 * 1024

/** The least: one frame a round trip. Not below what a question waits for, or nothing would open the window again. */
const LEAST_BYTES = ASK_AFTER_BYTES

/** By how much the window grows with each answer in time, and shrinks with each that is late. */
const GROWTH = 1.25
const SHRINKAGE = 0.5

/** An answer that comes so much later than the fastest one stood in a queue of our own making. */
const QUEUE_MS = 200

/** A question without an answer for so long is asked again, in case the answer was lost. */
const REPEAT_MS = 3000

/** After a question that was asked more than once: for so long further answers may be to the older ones. */
const SETTLE_MS = 250

interface Question {
  /** How many bytes were sent before its end. */
  position: number
  askedMs: number
  times: number
}

/**
 * How much has been sent to a terminal and not been acknowledged by it, and when to ask. Programs between (an SSH
 * server, a multiplexer) read on while the terminal's own end of the line hangs, so that only the terminal's answer tells.
 * As long as there has been none, the window is open. Times are monotonic milliseconds.
 */
export class SendWindow {
  #sent = 0
  #acknowledged = 0
  #size = FIRST_BYTES
  #question: Question | undefined
  #unanswered = 0
  #settledMs = 0
  #roundTripMs: number | undefined
  #fastestMs = Number.POSITIVE_INFINITY

  /** False while more is on its way than should be. */
  get open(): boolean {
    return this.#roundTripMs === undefined || this.#sent - this.#acknowledged <= this.#size
  }

  /** Questions sent whose answers have not come, those asked again included. */
  get unanswered(): number {
    return this.#unanswered
  }

  /** The last question's round trip; undefined until the terminal has answered once. */
  get roundTripMs(): number | undefined {
    return this.#roundTripMs
  }

  /** Counts bytes that are sent. */
  sent(bytes: number): void {
    this.#sent += bytes
  }

  /** In how many milliseconds a question is due: 0 now, undefined not before more is sent or an answer comes. */
  dueInMs(nowMs: number): number | undefined {
    if (this.#question !== undefined) {
      if (this.#roundTripMs === undefined) return undefined
      return Math.max(0, this.#question.askedMs + REPEAT_MS - nowMs)
    }
    if (this.#sent - this.#acknowledged < ASK_AFTER_BYTES) return undefined
    return Math.max(0, this.#settledMs - nowMs)
  }

  /** Notes that a question has been sent; its own bytes have been counted. */
  asked(nowMs: number): void {
    const times = (this.#question?.times ?? 0) + 1
    this.#question = { position: this.#sent, askedMs: nowMs, times }
    this.#unanswered += 1
  }

  /** Notes an answer. One that nobody waits for any more is to a question that was asked again. */
  answered(nowMs: number): void {
    this.#unanswered = Math.max(0, this.#unanswered - 1)
    if (this.#question === undefined) return
    const { position, askedMs, times } = this.#question
    this.#question = undefined
    this.#acknowledged = position
    this.#roundTripMs = nowMs - askedMs
    if (times > 1) this.#settledMs = nowMs + SETTLE_MS
    this.#adapt(this.#roundTripMs, times > 1)
  }

  /** Forgets what is on its way: somebody else has had the terminal, and answers may have gone there. */
  reset(): void {
    this.#acknowledged = this.#sent
    this.#question = undefined
    this.#unanswered = 0
  }

  /** A slow line gets less at a time, so that what is sent is seen soon. */
  #adapt(roundTripMs: number, askedAgain: boolean): void {
    // To which of several questions the answer is cannot be told, nor how long it took.
    if (!askedAgain) this.#fastestMs = Math.min(this.#fastestMs, roundTripMs)
    const late = askedAgain || roundTripMs > this.#fastestMs + QUEUE_MS
    this.#size = late
      ? Math.max(LEAST_BYTES, this.#size * SHRINKAGE)
      : Math.min(MOST_BYTES, this.#size * GROWTH)
  }
}
