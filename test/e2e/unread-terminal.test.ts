import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import { PATIENCE_MS } from '../support/patience.ts'
import { emptyHome, LOOPBACK_ARGS, ScreenProgram } from '../support/program.ts'
import { watchNode } from '../support/watched-node.ts'

/** So large that a few frames are more than the system keeps of what nobody reads. */
const SIZE = { columns: 250, rows: 100 }
/** What Linux keeps of a pseudo-terminal's output, at most. */
const KEPT_BY_SYSTEM = 64 * 1024
/** More than one frame of that size takes. */
const FRAME = 16 * 1024
const PINGS = 100

/** The status line and the line of keys stand where they belong. */
const inPlace = (count: string) => (rows: string[]) =>
  rows.length === SIZE.rows &&
  /^ p2p-tui /.test(rows[0] ?? '') &&
  rows[0]?.includes(` ${count} `) === true &&
  rows.at(-1)?.includes('quit') === true

/** A screen with four peers connected, which writes down what happens to it too. */
async function screenWithPeers() {
  const crowd = [watchNode(), watchNode(), watchNode(), watchNode()]
  const addresses = await Promise.all(crowd.map(node => node.address()))
  const logFile = join(emptyHome(), 'log')
  const screen = new ScreenProgram([...LOOPBACK_ARGS, '--log-file', logFile, ...addresses], SIZE)
  await screen.waitFor(inPlace('4 connected'))
  const [opened] = await Promise.all(crowd.map(node => node.heard('connection:opened')))
  const peerId = String(opened?.peerId)
  return {
    crowd,
    screen,
    /** All of them ping it once. */
    ping: () => Promise.all(crowd.map(({ port }) => port.request('ping', { peerId }))),
    /** How many of these pings the thread of the screen has written to the log file. */
    logged: () => readFileSync(logFile, 'utf8').match(/"ping:answered"/g)?.length ?? 0,
    /** Makes it draw everything anew, again and again, until nobody can keep all of it. */
    flood(times: number) {
      for (let n = 1; n <= times; n += 1) screen.resize(SIZE.columns - (n % 2), SIZE.rows)
    },
  }
}

describe('a terminal that nobody reads', () => {
  it('holds up neither the node nor the thread of the screen, and then shows what is, not what was', async () => {
    const { crowd, screen, ping, logged, flood } = await screenWithPeers()
    screen.pause()
    const read = screen.output.length
    for (let n = 1; n <= PINGS; n += 1) {
      flood(1)
      expect(await ping()).toMatchObject(crowd.map(() => ({ cold: false })))
    }
    await vi.waitFor(() => expect(logged()).toBeGreaterThanOrEqual(PINGS * crowd.length), {
      timeout: PATIENCE_MS,
    })
    expect(screen.output.length).toBe(read)
    await crowd.at(-1)?.port.stop()

    flood(2)
    screen.resume()
    await screen.waitFor(inPlace('3 connected'))
    expect(screen.output.length - read).toBeLessThan(KEPT_BY_SYSTEM + 2 * FRAME)
    screen.press('q')
    expect((await screen.ended).exitCode).toBe(0)
    expect(screen.alternateScreen).toBe(false)
  })

  it('lets a person quit: the node says goodbye at once, the terminal is given back when it reads on', async () => {
    const { crowd, screen, ping, flood } = await screenWithPeers()
    screen.pause()
    for (let n = 1; n <= PINGS; n += 1) {
      flood(1)
      await ping()
    }
    screen.press('q')
    await Promise.all(crowd.map(node => node.heard('connection:closed')))
    screen.resume()
    expect((await screen.ended).exitCode).toBe(0)
    expect(screen.alternateScreen).toBe(false)
  })
})
