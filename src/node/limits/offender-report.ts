import type { Clock } from '../../core/clock.ts'
import { offenderBrief } from '../../core/event-text/limits.ts'
import type { NewEvent } from '../../core/events.ts'
import { plural, shortPeerId } from '../../core/format.ts'
import { limitOption } from '../../core/limit-terms.ts'
import { type SafeText, say } from '../../core/safe-text.ts'
import type { Offender } from './offenders.ts'

/** So many of one offender within the time of its rate are worth a warning; one closed connection is. */
const WORTH_A_WARNING = 10
/** A warning is told anew after so long, in ms, as its figures grow; each time after that twice as long. */
const AGAIN_MS = 5_000
const LONGEST_AGAIN_MS = 60_000

/** Tells who exceeds limits: as a list when it changes, and as a warning that says what to do, for as long as it goes on. */
export class OffenderReport {
  readonly #clock: Clock
  readonly #emit: (event: NewEvent) => void
  #told = '[]'
  #warned: { who: string; at: number; againMs: number } | undefined

  constructor({ clock, emit }: { clock: Clock; emit(event: NewEvent): void }) {
    this.#clock = clock
    this.#emit = emit
  }

  /** Takes those of now, whoever does most first. To be called once a second. */
  tell(offenders: readonly Offender[]): void {
    const told = JSON.stringify(offenders)
    if (told !== this.#told) {
      this.#told = told
      this.#emit({ type: 'limits:offenders', offenders: [...offenders] })
    }
    const notable = offenders.filter(({ action, count }) => action === 'closed' || count >= WORTH_A_WARNING)
    const [worst] = notable
    if (worst !== undefined) this.#warn(worst, notable.length - 1)
    else if (this.#warned !== undefined) {
      this.#warned = undefined
      this.#emit({ type: 'warning:cleared', topic: 'offenders' })
    }
  }

  #warn(worst: Offender, others: number): void {
    const now = this.#clock.monotonic()
    const who = `${worst.limit} ${worst.host ?? worst.peerId ?? ''}`
    const last = this.#warned
    if (last?.who === who && now - last.at < last.againMs) return
    const againMs = last?.who === who ? Math.min(last.againMs * 2, LONGEST_AGAIN_MS) : AGAIN_MS
    this.#warned = { who, at: now, againMs }
    const more = others === 0 ? say`` : say`; and ${plural(others, say`other`, say`others`)}`
    this.#emit({
      type: 'warning:raised',
      topic: 'offenders',
      // In few words: there is one line for it, and what to do stands behind.
      cause: say`${offenderBrief(worst)}${more}`,
      hint: hintFor(worst),
    })
  }
}

/** What to do, the most useful first: a narrow screen shows no more than that. */
function hintFor({ limit, action, peerId, comesBackAt }: Offender): SafeText {
  if (comesBackAt !== undefined || action === 'closed') {
    return say`it has to wait before it may come again; limits shows until when`
  }
  const hangUp = peerId === undefined ? say`` : say`hangup ${shortPeerId(peerId)}; `
  switch (limit) {
    case 'perHost':
    case 'hostRate':
      return say`raise ${limitOption(limit)} if it is yours; others get in`
    case 'pending':
    case 'hostPending':
    case 'handshake':
      return say`lower ${limitOption('hostRate')}; others get in`
    case 'connections':
      return say`lower ${limitOption('perHost')}; hangup makes room`
    case 'descriptors':
      return say`raise ulimit -n; hangup makes room`
    case 'streams':
    case 'hostStreams':
      return say`${hangUp}lower ${limitOption('streams')}`
    case 'coolDown':
      return say`nothing: it was closed for an excess, and waits`
    default:
      return say`${hangUp}limits shows who else there is`
  }
}
