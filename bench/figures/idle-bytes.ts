import { setTimeout as passed } from 'node:timers/promises'
import type { Figure, Reading } from '../figure.ts'
import { MeasuredScreen, setting } from '../screen/measured-screen.ts'

const WATCHED_MS = 60_000
const AT_MOST = 200

/** What is sent to the terminal while nothing happens but that time goes by: ages grow. */
export const idleBytes: Figure = {
  title: 'bytes when nothing happens',
  short: false,
  async measure() {
    const [young, old] = await Promise.all([
      idle('60 s in which nothing happens, 30 peers just connected', 0),
      idle('60 s in which nothing happens, 30 peers connected for ten minutes', 600_000),
    ])
    // Peers that have just connected have just done something: they are no longer new then: to be read, not judged.
    return [{ ...old, atMost: AT_MOST }, young]
  },
}

async function idle(name: string, ageMs: number): Promise<Reading> {
  await using screen = await MeasuredScreen.start(setting({ stillTime: false, steppedTime: false, ageMs }))
  const before = screen.bytes
  await passed(WATCHED_MS)
  return { name, value: screen.bytes - before, unit: 'bytes', note: '120x40' }
}
