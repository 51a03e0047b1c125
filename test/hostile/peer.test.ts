import type { Libp2p } from '@libp2p/interface'
import { multiaddr } from '@multiformats/multiaddr'
import { afterEach, describe, expect, it } from 'vitest'
import { intrudersIn } from '../support/escape-sequences.ts'
import { HOSTILE_TEXTS, MARK } from '../support/hostile-text.ts'
import { keys } from '../support/keys.ts'
import { startHostiles } from '../support/peers/hostile.ts'
import { addressOf, stopPeers } from '../support/peers/peer.ts'
import { startServer } from '../support/peers/servers.ts'
import { LOOPBACK_ARGS, PipedProgram, ScreenProgram } from '../support/program.ts'

const SIZE = { columns: 110, rows: 36 }

const peers: Libp2p[] = []
afterEach(() => stopPeers(peers.splice(0)))

async function hostilePeers() {
  peers.push(...(await startHostiles()))
  return { addresses: peers.map(peer => addressOf(peer).toString()), all: `${peers.length} connected` }
}

/** A server that answers whoever dials it with hostile words where the name of a protocol belongs. */
function hostileServer() {
  const line = Buffer.from(`/${HOSTILE_TEXTS['clears the screen']}${HOSTILE_TEXTS['sets the title']}\n`)
  return startServer(socket => {
    socket.write(Buffer.concat([Buffer.of(line.length), line]))
    socket.on('data', () => {})
  })
}

/** The panes stand side by side: the line between them is straight from the second row on, as far as it goes. */
function straight(screen: ScreenProgram): Promise<void> {
  return screen.waitFor(() => {
    const [first, ...others] = screen
      .screen()
      .map((_, y) => screen.columnsOf('│', y).join())
      .slice(1, SIZE.rows - 3)
    return first !== '' && others.every(columns => columns === first)
  })
}

/** Nothing moved the screen: the status line stands where it was, and nothing is below the last row. */
function expectInPlace(screen: ScreenProgram): void {
  expect(screen.screen()).toHaveLength(SIZE.rows)
  expect(screen.screen()[0]).toMatch(/^ p2p-tui {3}…/)
}

/** Ends the program, so that all it has written is there, and looks at every byte of it. */
async function expectHarmless(screen: ScreenProgram): Promise<void> {
  screen.press(keys.ctrl('c'))
  await screen.ended
  expect(screen.output).toContain(MARK)
  expect(intrudersIn(screen.output)).toEqual([])
}

describe('a hostile peer', () => {
  it('that is dialed gets nothing to the terminal', async () => {
    const { addresses, all } = await hostilePeers()
    const server = await hostileServer()
    const screen = new ScreenProgram([...LOOPBACK_ARGS, ...addresses], SIZE)
    await screen.waitFor(all)
    await screen.waitFor(new RegExp(`● .*${MARK}`))
    screen.press('G')
    await screen.waitFor(/▸●/)
    await straight(screen)

    // Everything that is known of it.
    screen.press(keys.enter)
    await screen.waitFor(/^ {2}Peer ID {6}/m)
    for (let page = 0; page < 12; page += 1) screen.press(keys.pageDown)
    screen.press(keys.end, '\u001b')
    await screen.waitFor('Peers')

    // The events as they came, one after the other, and the log by words of its own.
    screen.press(keys.tab, '/', `${MARK}\r`)
    await screen.waitFor(new RegExp(`Log.*${MARK}`))
    screen.press('k', keys.enter)
    await screen.waitFor('seq')
    screen.press(keys.pageDown, keys.pageDown, '\u001b')
    await screen.waitFor('Peers')

    // Its words as a filter, as candidates of Tab, and as why a dial failed.
    screen.press(keys.shiftTab, `/${MARK}\r`)
    await screen.waitFor(all)
    screen.press(`:dial ${server.address}\r`)
    await screen.waitFor(/dial failed/)
    screen.press(':ping ', '\t', '\u0015', 'dial 12D3Koo', '\t', '\u001b')
    screen.press(':peers\r')
    await straight(screen)
    expectInPlace(screen)
    await expectHarmless(screen)
    await server.close()
  })

  it('that dials gets nothing to the terminal either', async () => {
    const screen = new ScreenProgram(LOOPBACK_ARGS, { ...SIZE, columns: 200 })
    await screen.waitFor(/listening on \S+[:/]\d+/)
    const port = /127\.0\.0\.1[:/](?:tcp\/)?(\d+)/.exec(screen.screen()[0] ?? '')?.[1]
    const { all } = await hostilePeers()
    const address = multiaddr(`/ip4/127.0.0.1/tcp/${port}`)
    await Promise.all(peers.map(peer => peer.dial(address)))
    await screen.waitFor(all)
    await screen.waitFor(new RegExp(`● .*${MARK}`))
    await straight(screen)
    await stopPeers(peers)
    await screen.waitFor('0 connected')
    expectInPlace(screen)
    await expectHarmless(screen)
  })

  it.each([
    ['lines for people', ['--headless']],
    ['JSON', ['--headless', '--json']],
  ])('gets nothing into %s', async (_, args) => {
    const { addresses } = await hostilePeers()
    const server = await hostileServer()
    const node = new PipedProgram([...args, ...LOOPBACK_ARGS, ...addresses])
    const printed = (holds: (stdout: string) => boolean) =>
      new Promise<void>(resolve => {
        const look = () => {
          if (!holds(node.stdout)) return
          node.child.stdout?.off('data', look)
          resolve()
        }
        node.child.stdout?.on('data', look)
        look()
      })
    await printed(stdout => stdout.split(/peer:identified|, \d+ protocols/).length > peers.length)
    expect(node.stdout).toContain(MARK)
    node.child.stdin?.write(`dial ${server.address}\npeers\n`)
    await printed(stdout => stdout.includes('It speaks neither noise nor TLS'))
    node.child.stdin?.write('quit\n')
    expect((await node.ended).code).toBe(0)
    expect(intrudersIn(node.stdout)).toEqual([])
    expect(intrudersIn(node.stderr)).toEqual([])
    for (const line of node.stdout.trim().split('\n')) {
      if (args.includes('--json')) JSON.parse(line)
      expect(line.length).toBeLessThan(60_000)
    }
    await server.close()
  })
})
