import { expect, it } from 'vitest'
import { LOOPBACK_ARGS, ScreenProgram } from '../support/program.ts'
import { watchNode } from '../support/watched-node.ts'

/** So large that a few frames are more than the system keeps of what nobody reads (Linux: less than 64 KiB). */
const SIZE = { columns: 250, rows: 100 }
const PINGS = 100

/** The status line and the line of keys stand where they belong. */
const inPlace = (count: string) => (rows: string[]) =>
  rows.length === SIZE.rows &&
  /^ p2p-tui /.test(rows[0] ?? '') &&
  rows[0]?.includes(` ${count} `) === true &&
  rows.at(-1)?.includes('quit') === true

it('a terminal that nobody reads holds up the screen and not the node', async () => {
  const crowd = [watchNode(), watchNode(), watchNode(), watchNode()]
  const addresses = await Promise.all(crowd.map(node => node.address()))
  const screen = new ScreenProgram([...LOOPBACK_ARGS, ...addresses], SIZE)
  await screen.waitFor(inPlace('4 connected'))
  const [opened] = await Promise.all(crowd.map(node => node.heard('connection:opened')))
  const peerId = String(opened?.peerId)

  screen.pause()
  const read = screen.output.length
  for (let n = 1; n <= PINGS; n += 1) {
    // Makes it draw everything anew.
    screen.resize(SIZE.columns - (n % 2), SIZE.rows)
    const answers = await Promise.all(crowd.map(({ port }) => port.request('ping', { peerId })))
    expect(answers).toMatchObject(crowd.map(() => ({ cold: false })))
  }
  expect(screen.output.length).toBe(read)
  await crowd.at(-1)?.port.stop()

  screen.resume()
  await screen.waitFor(inPlace('3 connected'))
  screen.press('q')
  expect((await screen.ended).exitCode).toBe(0)
  expect(screen.alternateScreen).toBe(false)
})
