import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { anyChange, anyFrame, type Change, changed, type Frame, written, writtenTooLong } from './frames.ts'
import { Pair } from './pair.ts'

type Step =
  | { do: 'change'; changes: Change[] }
  | { do: 'frame'; frame: Frame }
  | { do: 'cursor'; at: { x: number; y: number } | undefined }
  | { do: 'resize'; columns: number; rows: number }
  /** How many rows fewer (or more) than the screen the frame has from now on. */
  | { do: 'height'; missing: number }
  /** Longer rows are written whole from now on, and the terminal wraps them, as Ink does for a moment. */
  | { do: 'wrap'; on: boolean }
  | { do: 'suspend'; say: string }
  | { do: 'other'; bytes: string }
  /** So many of the next frames come while the line is not free. */
  | { do: 'stall'; frames: Frame[] }

const columns = fc.oneof(fc.integer({ min: 2, max: 12 }), fc.integer({ min: 13, max: 100 }))
const rows = fc.oneof(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 6, max: 30 }))
const cursor = fc.option(fc.record({ x: fc.nat(100), y: fc.nat(30) }), { nil: undefined })
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record({
      do: fc.constant('change' as const),
      changes: fc.array(anyChange, { minLength: 1, maxLength: 3 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('frame' as const), frame: anyFrame(30) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('cursor' as const), at: cursor }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('resize' as const), columns, rows }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('height' as const), missing: fc.constantFrom(0, 0, 1, 5, -1) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('wrap' as const), on: fc.boolean() }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('suspend' as const),
      say: fc.constantFrom('', '\x1b[31mstopped\x1b[0m\n', '$ fg\n', 'x\n'.repeat(40)),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('other' as const),
      bytes: fc.constantFrom('\x1b[?2004h', '\x1b[?2004l', '\x1b]52;c;aGVsbG8=\x07', '\x1b]52;c;eA==\x1b\\'),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('stall' as const),
      frames: fc.array(anyFrame(8), { minLength: 1, maxLength: 3 }),
    }),
  },
)

/** A program that draws by Ink on both terminals of a pair. */
class Program {
  readonly pair: Pair
  #frame: Frame
  #cursor: { x: number; y: number } | undefined
  #missing = 0
  #wraps = false

  constructor(pair: Pair, frame: Frame) {
    this.pair = pair
    this.#frame = frame
  }

  /** From a clean main screen to the first frame. */
  start(): void {
    this.pair.write('$ p2p-tui\n')
    this.#enter()
    this.#draw()
  }

  async take(step: Step): Promise<void> {
    const { pair } = this
    if (step.do === 'resize') await pair.resize(step.columns, step.rows)
    else if (step.do === 'change') this.#frame = step.changes.reduce(changed, this.#filled())
    else if (step.do === 'frame') this.#frame = step.frame
    else if (step.do === 'cursor') this.#cursor = step.at
    else if (step.do === 'height') this.#missing = step.missing
    else if (step.do === 'wrap') this.#wraps = step.on
    else if (step.do === 'other') pair.write(step.bytes)
    else if (step.do === 'suspend') await this.#suspend(step.say)
    else await this.#stall(step.frames)
    this.#draw()
  }

  async #suspend(say: string): Promise<void> {
    this.pair.ink.suspend()
    await this.pair.expectAlike()
    this.pair.write(say)
    await this.pair.expectAlike()
    this.#enter()
  }

  async #stall(frames: readonly Frame[]): Promise<void> {
    const { pair } = this
    await pair.settle()
    pair.line.free = false
    for (const frame of frames) {
      this.#frame = frame
      this.#draw()
      expect(await pair.settle()).toBe('')
    }
    pair.line.free = true
  }

  #enter(): void {
    this.pair.ink.enter()
    // Ink begins where the main screen's cursor stood, the screen on top: a full frame ends up the same.
    this.pair.write('\x1b[H')
  }

  #draw(): void {
    const { columns } = this.pair.line
    const lines = this.#filled().map(row => (this.#wraps ? writtenTooLong(row) : written(row, columns)))
    const cursor = this.#cursor
    const last = Math.max(0, Math.min(lines.length, this.pair.line.rows) - 1)
    this.pair.ink.draw(lines, cursor && { x: Math.min(cursor.x, columns - 1), y: Math.min(cursor.y, last) })
  }

  /** The frame with as many rows as it is to have. */
  #filled(): Frame {
    const height = Math.max(1, this.pair.line.rows - this.#missing)
    return Array.from({ length: height }, (_, y) => this.#frame[y] ?? [])
  }
}

describe('the screen shows what Ink alone would show', () => {
  it.each([{ synchronised: false }, { synchronised: true }])(
    'for random frames, changes and resizes: %o',
    { timeout: 120_000 },
    async ({ synchronised }) => {
      await fc.assert(
        fc.asyncProperty(columns, rows, anyFrame(30), fc.array(step, { maxLength: 12 }), async (...given) => {
          const [width, height, frame, steps] = given
          const pair = new Pair(width, height, { synchronised })
          const program = new Program(pair, frame)
          program.start()
          await pair.expectAlike()
          for (const each of steps) {
            await program.take(each)
            await pair.expectAlike()
          }
          pair.ink.unmount()
          await pair.expectAlike()
        }),
        { numRuns: 150 },
      )
    },
  )
})
