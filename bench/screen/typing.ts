/** Someone who types steadily into the command bar, whether the screen keeps up or not. */
import { setTimeout as passed } from 'node:timers/promises'
import { Random } from '../../src/node/fake/random.ts'
import type { MeasuredScreen } from './measured-screen.ts'

/** Some eleven keys a second, never in step with the frames. */
const BETWEEN_MS = [60, 120] as const
/** What is typed comes after this: no verb is offered any more. */
const BEFORE = 'dial /ip4/10.77.'
const ON_SCREEN = /dial \/ip4\/10\.77\.(\d*)/
const DIGITS = '3141592653'
/** Then the line is begun again: it would scroll in a narrow terminal. */
const LONGEST = 50
const CTRL_U = '\x15'
const GIVEN_UP_MS = 2000

/** What became of the keys typed. */
export interface Typed {
  /** From each key's write to the arrival of the frame that shows it, in ms. */
  latenciesMs: number[]
  /** Keys that were not on the screen two seconds after the last. */
  lost: number
}

/** Types for some time. The command bar is open before and after. */
export async function type(screen: MeasuredScreen, forMs: number): Promise<Typed> {
  const random = new Random(1)
  const latenciesMs: number[] = []
  let waiting: { length: number; at: number }[] = []
  let lost = 0
  screen.onDrawn = receivedAt => {
    const shown = digitsOn(screen)
    for (const { length, at } of waiting) if (length <= shown) latenciesMs.push(receivedAt - at)
    waiting = waiting.filter(({ length }) => length > shown)
  }
  const until = performance.now() + forMs
  while (performance.now() < until) {
    await beginLine(screen)
    for (let length = 1; length <= LONGEST && performance.now() < until; length += 1) {
      waiting.push({ length, at: performance.now() })
      screen.press(DIGITS[length % DIGITS.length] ?? '')
      await passed(random.between(...BETWEEN_MS))
    }
    const patience = performance.now() + GIVEN_UP_MS
    while (waiting.length > 0 && performance.now() < patience) await passed(10)
    lost += waiting.length
    waiting = []
  }
  screen.onDrawn = () => {}
  return { latenciesMs, lost }
}

async function beginLine(screen: MeasuredScreen): Promise<void> {
  screen.press(CTRL_U, BEFORE)
  await screen.waitFor(rows => rows.some(row => row.trimEnd().endsWith(BEFORE)))
}

/** How many of the digits the command bar shows; none while there is no such line. */
function digitsOn(screen: MeasuredScreen): number {
  const line = screen.screen().find(row => ON_SCREEN.test(row)) ?? ''
  return ON_SCREEN.exec(line)?.[1]?.length ?? 0
}
