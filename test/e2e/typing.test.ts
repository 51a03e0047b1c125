import { afterEach, describe, expect, it } from 'vitest'
import { keys } from '../support/keys.ts'
import { addressOf, startPeer, stopPeers } from '../support/peers/peer.ts'
import { emptyHome, LOOPBACK_ARGS, ScreenProgram } from '../support/program.ts'

const ROWS = 30
const BAR = ROWS - 2

const peers: Awaited<ReturnType<typeof startPeer>>[] = []
afterEach(() => stopPeers(peers.splice(0)))

/** The program with some peers in its list. */
async function screenWithPeers(names: string[] = []): Promise<ScreenProgram> {
  for (const agentVersion of names) peers.push(await startPeer({ agentVersion }))
  const addresses = peers.map(peer => addressOf(peer).toString())
  const screen = new ScreenProgram([...LOOPBACK_ARGS, ...addresses], { columns: 110, rows: ROWS })
  // The status line keeps its address; a line of the log may be pushed out of sight by the dials at once.
  await screen.waitFor(rows => rows[0]?.includes('/tcp/') === true)
  for (const name of names) await screen.waitFor(name)
  return screen
}

/** Names of the peers from the top, the selected one in brackets. */
function listed(rows: string[]): string {
  const names = rows.flatMap(row => {
    const [left = ''] = row.split('│')
    const name = /[●○◌] \S+ (ann|ben|cid) /.exec(left)?.[1]
    return name === undefined ? [] : [left.startsWith('▸') ? `[${name}]` : name]
  })
  return names.join(' ')
}

const shows = (list: string) => (rows: string[]) => listed(rows) === list
const barIs = (text: string) => (rows: string[]) => rows[BAR] === text

describe('typing, as slow lines and fast fingers bring it', () => {
  it('several keys in one read are several keys', async () => {
    const screen = await screenWithPeers(['ann', 'ben', 'cid'])
    screen.press(':sort agent\r')
    screen.press('g')
    await screen.waitFor(shows('[ann] ben cid'))
    screen.press('jj')
    await screen.waitFor(shows('ann ben [cid]'))
    screen.press(`${keys.up}k`)
    await screen.waitFor(shows('[ann] ben cid'))
  })

  it('a line and its Enter in one read are a command, and what follows it are keys again', async () => {
    const screen = await screenWithPeers(['ann', 'ben', 'cid'])
    screen.press(':sort agent\rG')
    await screen.waitFor(shows('ann ben [cid]'))
    // The same column once more turns the order round.
    screen.press(':')
    await screen.waitFor(barIs(':'))
    screen.press('sort agent\rj')
    await screen.waitFor(shows('cid [ben] ann'))
    screen.press(':')
    await screen.waitFor(barIs(':'))
    screen.press('sort agent\r:sort agent\rjj/agent:ci')
    await screen.waitFor(shows('[cid]'))
    await screen.waitFor(barIs('/agent:ci'))
    screen.press('\r')
    await screen.waitFor(barIs(''))
    expect(listed(screen.screen())).toBe('[cid]')
  })

  it('Enter on an empty bar leaves it, and what follows in the same read are keys', async () => {
    const screen = await screenWithPeers(['ann', 'ben'])
    screen.press(':sort agent\rg:')
    await screen.waitFor(barIs(':'))
    screen.press('\rj')
    await screen.waitFor(shows('ann [ben]'))
    expect(screen.screen()[BAR]).not.toMatch(/^:/)
  })

  it('keys that edit count in a line that comes with the key that opens the bar', async () => {
    const screen = await screenWithPeers()
    screen.press(`:peexs${keys.ctrl('b')}${keys.backspace}r`)
    await screen.waitFor(barIs(':peers'))
    screen.press('\x1b')
    await screen.waitFor(rows => rows[BAR] === '')
    screen.press(':dia\t')
    await screen.waitFor(barIs(':dial'))
  })

  it('pasted lines wait in the bar as one, and run nothing', async () => {
    const screen = await screenWithPeers()
    screen.press(':')
    await screen.waitFor(barIs(':'))
    screen.press(keys.paste('dial /ip4/127.0.0.1/tcp/1\nquit\n'))
    await screen.waitFor(barIs(':dial /ip4/127.0.0.1/tcp/1 quit'))
    await screen.waitFor('2 lines pasted as one; press Enter to run')
  })

  it('what is pasted while keys are commands is text all the same', async () => {
    const screen = await screenWithPeers()
    screen.press(keys.paste('/ip4/127.0.0.1/tcp/1\nquit\n'))
    await screen.waitFor(barIs(':dial /ip4/127.0.0.1/tcp/1 quit'))
    screen.press(keys.ctrl('u'), keys.paste('xq'))
    await screen.waitFor(barIs(':xq'))
  })

  it('the hint is about what stands in the bar, not about what stood there before', async () => {
    const screen = await screenWithPeers()
    screen.press(':dial')
    await screen.waitFor('dial <target>')
    screen.press('\x1b')
    await screen.waitFor(rows => rows[BAR] === '')
    screen.press(':')
    await screen.waitFor('Tab lists commands')
  })

  it("the terminal's cursor stands where the next character goes, whatever the script", async () => {
    const screen = await screenWithPeers()
    const cursorAt = (x: number) => () => screen.cursor.x === x && screen.cursor.y === BAR
    screen.press(':日本')
    await screen.waitFor(barIs(':日本'))
    await screen.waitFor(cursorAt(5))
    screen.press('👍🏽e\u0301')
    await screen.waitFor(barIs(':日本👍🏽e\u0301'))
    await screen.waitFor(cursorAt(8))
    screen.press(keys.left, keys.left)
    await screen.waitFor(cursorAt(5))
    screen.press(keys.backspace)
    await screen.waitFor(barIs(':日👍🏽e\u0301'))
    await screen.waitFor(cursorAt(3))
  })

  it('Tab completes a verb, then a Peer ID', async () => {
    const screen = await screenWithPeers(['ann'])
    const peerId = String(peers[0]?.peerId)
    screen.press(':pin\t')
    await screen.waitFor(barIs(':ping'))
    screen.press(`${peerId.slice(0, 14)}`, '\t')
    await screen.waitFor(rows => rows[BAR]?.startsWith(`:ping ${peerId}`) === true)
    screen.press('\r')
    await screen.waitFor(/answered in [\d.]+ ms/)
  })

  it('the history is there in the next run', async () => {
    const home = emptyHome()
    const run = () => new ScreenProgram(LOOPBACK_ARGS, { home, columns: 110, rows: ROWS })
    const first = run()
    await first.waitFor('listening on')
    first.press(':sort rtt\r', ':peers\r', ':quit\r')
    await first.ended
    const second = run()
    await second.waitFor('listening on')
    second.press(':', keys.up)
    await second.waitFor(barIs(':quit'))
    second.press(keys.up, keys.up)
    await second.waitFor(barIs(':sort rtt'))
  })
})
