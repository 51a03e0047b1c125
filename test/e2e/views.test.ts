/** The views on the number keys, in the built program on a real terminal, with nodes on loopback. */
import { describe, expect, it } from 'vitest'
import { DEFAULT_RELAY_SERVER } from '../../src/node/options.ts'
import { keys } from '../support/keys.ts'
import { LOOPBACK_ARGS, ScreenProgram } from '../support/program.ts'
import { watchNode } from '../support/watched-node.ts'

const DHT = '/p2p-tui-test/kad/1.0.0'
const SIZES = [
  [120, 40],
  [80, 24],
  [63, 17],
  [40, 10],
] as const

/** A peer that serves a DHT and is a relay. */
async function server() {
  const node = watchNode({ relayServer: DEFAULT_RELAY_SERVER, dht: { network: DHT, server: true } })
  const peerId = await node.peerId()
  return { node, address: await node.address(), peerId, short: `…${peerId.slice(-8)}` }
}

/** Goes to the last row until that is the one that is meant: streams come and go meanwhile. */
async function select(screen: ScreenProgram, wanted: RegExp): Promise<void> {
  await screen.waitFor(rows => {
    const there = rows.some(row => wanted.test(row))
    if (!there) screen.press('G')
    return there
  })
}

/** The row that keys act on. */
function selectedRow(screen: ScreenProgram): string {
  return screen.screen().find(row => row.startsWith('▸')) ?? ''
}

/** No row is lost to a line that wrapped: the title is below the status line, the keys are at the bottom. */
function isWhole(rows: string[], title: string): boolean {
  return rows[1]?.startsWith(`━━ ${title}`) === true && /\[\d/.test(rows.at(-1) ?? '')
}

describe.each(SIZES)('at %ix%i', (columns, rows) => {
  it('connections, routing and relays show what there is, and survive a resize', async () => {
    const { address, peerId, short } = await server()
    const screen = new ScreenProgram([...LOOPBACK_ARGS, '--dht', DHT, address], { columns, rows })
    await screen.waitFor('1 connected')

    screen.press('2')
    await screen.waitFor(found => isWhole(found, 'Connections'))
    await screen.waitFor(found => new RegExp(`${short} +out +direct +tcp`).test(found.join('\n')))
    expect(selectedRow(screen)).toContain(short)
    // Identify's stream comes and goes; that of a ping that goes on stays, and counts.
    screen.press(':ping @ --keep\r')
    await screen.waitFor(/· (out +)?(\/ipfs\/)?ping\/1\.0\.0.*(?<![\d.])\d+(\.\d)? k?B/)
    await select(screen, /^▸ · .*ping\/1\.0\.0/)
    screen.press('/', 'path:relayed\r')
    await screen.waitFor('Nothing matches /path:relayed')
    screen.press(keys.escape)
    await screen.waitFor(short)

    screen.press('3')
    await screen.waitFor(found => isWhole(found, 'Routing'))
    await screen.waitFor(/1 of 20/)
    screen.press('G')
    await screen.waitFor(found => found.some(row => row.startsWith('▸') && row.includes(short)))
    screen.press(keys.enter)
    await screen.waitFor(found => found[1]?.includes(`Peer ${short}`) === true)
    screen.press(keys.escape)

    screen.press('4')
    await screen.waitFor(found => isWhole(found, 'Relays'))
    screen.press(`:reserve ${peerId}\r`)
    await screen.waitFor('Reachable through 1 relay')
    screen.press('/', `${short.slice(1)}\r`)
    await screen.waitFor(/left/)
    screen.press(keys.escape)

    for (const [title, key] of [
      ['Connections', '2'],
      ['Routing', '3'],
      ['Relays', '4'],
    ] as const) {
      screen.press(key)
      await screen.waitFor(found => isWhole(found, title))
      // Narrower than 40 columns it says that it has no room, and takes no keys.
      for (const [width, height] of [
        [Math.max(rows * 3, 40), 12],
        [columns, rows],
      ] as const) {
        screen.resize(width, height)
        await screen.waitFor(found => found.length === height && isWhole(found, title))
      }
    }
    screen.press('q')
    expect((await screen.ended).exitCode).toBe(0)
  })

  it('the made-up network fills them, and names follow', async () => {
    const screen = new ScreenProgram(['--demo'], { columns, rows })
    await screen.waitFor(/[3-9] connected/)
    screen.press('2')
    await screen.waitFor(found => isWhole(found, 'Connections'))
    await screen.waitFor(/▸….* (in|out) +direct/)
    screen.press('n', 'Anna Lea\r')
    await screen.waitFor(/▸Anna Lea? .*direct|▸Anna Le… .*direct/)
    screen.press(':sort in/s\r')
    await screen.waitFor(/sorted by in\/s/)
    screen.press('3')
    await screen.waitFor(/Bucket \d/)
    screen.press('4')
    await screen.waitFor(/Reachable through 1 relay/)
    screen.press('1')
    await screen.waitFor(found => found[1]?.includes('Peers') === true)
    expect(screen.screen().join('\n')).toContain('Anna')
    screen.press('q')
    expect((await screen.ended).exitCode).toBe(0)
  })
})
