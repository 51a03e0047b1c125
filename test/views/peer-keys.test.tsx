import { describe, expect, it } from 'vitest'
import { say } from '../../src/core/safe-text.ts'
import { connected, heard, type LiveScreen, liveScreen, peerIdOf, started } from '../support/live-screen.tsx'
import { keys } from '../support/terminal.tsx'
import { dht, relayedTo, reserved, stream } from '../support/views-world.ts'

const bottom = ({ terminal }: LiveScreen) => terminal.screen().slice(-3).join('\n')

async function shown(columns = 120, rows = 30) {
  const live = await liveScreen({ columns, rows })
  await live.happen(started, heard('near0001'), ...connected('alice001'), relayedTo('dave0004'))
  return live
}

describe('keys for the selected peer', () => {
  it('name it: n opens the bar, and only what is added is a name', async () => {
    const live = await shown()
    await live.terminal.press('2', 'n')
    expect(bottom(live)).toContain(':name @')
    await live.terminal.press(keys.enter)
    expect(live.port.asked).toEqual([])
    await live.terminal.press('n', 'Anna\r')
    expect(live.port.asked.at(-1)).toMatchObject({
      kind: 'name',
      params: { peerId: peerIdOf('alice001'), name: 'Anna' },
    })
  })

  it('keep its connection, and no longer', async () => {
    const live = await shown()
    const peerId = peerIdOf('alice001')
    await live.terminal.press('2', 'K')
    expect(live.port.asked.at(-1)).toMatchObject({ kind: 'keep', params: { peerId, on: true } })
    await live.happen({ type: 'keep:started', peerId })
    await live.terminal.press('K')
    expect(live.port.asked.at(-1)).toMatchObject({ kind: 'keep', params: { peerId, on: false } })
  })

  it('forget it, but only after a question that says whom', async () => {
    const live = await shown()
    await live.happen({ type: 'name:given', peerId: peerIdOf('near0001'), name: say`the old laptop` })
    await live.terminal.press('G', 'F')
    expect(bottom(live)).toContain('Enter forgets the old laptop, Esc leaves')
    await live.terminal.press(keys.escape)
    expect(live.port.asked).toEqual([])
    await live.terminal.press('F', keys.enter)
    expect(live.port.asked.at(-1)).toMatchObject({
      kind: 'forget',
      params: { peerId: peerIdOf('near0001') },
    })
  })

  it('do not forget a peer that is connected', async () => {
    const live = await shown()
    await live.terminal.press('2', 'F')
    expect(live.store.screen.bar).toBeUndefined()
    expect(bottom(live)).toContain('F forget: the selected peer is connected')
  })

  it('close the selected connection alone, from a row of its streams too', async () => {
    const live = await shown()
    await live.happen(stream('dave0004', '/proto/1'))
    await live.terminal.press('2', 'G', 'X')
    const asked = live.port.asked.at(-1)
    expect(asked).toMatchObject({ kind: 'closeConnection', params: { connectionId: 'c-dave0004' } })
    asked?.answer({ peerId: peerIdOf('dave0004'), connectionId: say`c-dave0004`, others: 1 })
    await live.terminal.waitFor('closed a connection to …dave0004: 1 other left')
    // What the key stands for is no line with the peer's name: close takes none.
    expect(bottom(live)).toContain(':close @')
    await live.terminal.press('1', ':close @\r')
    expect(bottom(live)).toContain('No connection is selected')
  })

  it('find it in the DHT', async () => {
    const live = await shown()
    await live.happen(...dht([['near0001', 3]]))
    await live.terminal.press('3', 'G', 'f')
    expect(live.port.asked.at(-1)).toMatchObject({
      kind: 'query',
      params: { query: 'find', subject: peerIdOf('near0001') },
    })
    await live.terminal.press('d')
    expect(live.port.asked.at(-1)).toMatchObject({ kind: 'dial', params: { target: peerIdOf('near0001') } })
  })

  it('reserve at it, and dial through it', async () => {
    const live = await shown()
    await live.happen(...connected('relay001'), reserved('relay001', live.clock.now() + 3_600_000))
    await live.terminal.press('4', '/', 'relay001', keys.enter)
    await live.terminal.press('G', 'R')
    const relay = `/ip4/192.168.1.7/tcp/4001/p2p/${peerIdOf('relay001')}`
    expect(live.port.asked.at(-1)).toMatchObject({ kind: 'reserve', params: { relay } })
    await live.terminal.press('t')
    expect(live.store.screen.bar?.text).toBe(`dial ${relay}/p2p-circuit/p2p/`)
  })
})

describe('names', () => {
  it('stand for peers in each view, and in what commands answer', async () => {
    const live = await shown()
    const peerId = peerIdOf('alice001')
    await live.happen({ type: 'name:given', peerId, name: say`Anna Lea` }, ...dht([['alice001', 2]]))
    await live.terminal.press('2')
    expect(live.terminal.screen().join('\n')).toMatch(/▸Anna Lea +out +direct/)
    await live.terminal.press('/', 'peer:anna', keys.enter)
    expect(live.terminal.screen()[1]).toContain('Connections  1 of 2')
    await live.terminal.press('x')
    expect(bottom(live)).toContain('hangup "Anna Lea"')
    await live.terminal.press('3')
    expect(live.terminal.screen().join('\n')).toMatch(/● Anna Lea +kubo/)
  })

  it('are found in the log, as soon as they are given', async () => {
    const live = await shown()
    await live.terminal.press(keys.tab, '/', 'anna', keys.enter)
    expect(live.terminal.screen().join('\n')).toContain('No line matches /anna')
    await live.happen({ type: 'name:given', peerId: peerIdOf('alice001'), name: say`Anna` })
    const log = live.terminal.screen().join('\n')
    expect(log).toMatch(/Anna connected, outbound/)
    expect(log).toMatch(/alice001 is called Anna/)
    expect(log).not.toContain('near0001 heard')
    await live.terminal.press('/', keys.ctrl('u'), 'peer:anna', keys.enter)
    expect(live.terminal.screen().join('\n')).toMatch(/Anna connected, outbound/)
  })
})

describe('what became of the addresses of a dial', () => {
  it('is in the details of the event', async () => {
    const live = await shown(200)
    await live.happen({
      type: 'dial:succeeded',
      target: peerIdOf('alice001'),
      peerId: peerIdOf('alice001'),
      connectionId: say`c2`,
      address: say`/ip4/10.0.0.1/tcp/1`,
      durationMs: 12,
      existing: false,
      others: [
        { address: say`/ip4/10.0.0.3/tcp/3` },
        { address: say`/ip4/10.0.0.2/tcp/2`, cause: say`Nobody listens there` },
      ],
    })
    await live.terminal.press(keys.tab)
    expect(live.terminal.screen().join('\n')).toMatch(/in 12\.0 ms \(1 failed\)/)
    await live.terminal.press(keys.enter)
    const lines = live.terminal.screen()
    const at = lines.findIndex(line => line.startsWith('Addresses'))
    expect(lines.slice(at, at + 5).map(line => line.trim())).toEqual([
      'Addresses  3',
      'won          /ip4/10.0.0.1/tcp/1',
      'failed       /ip4/10.0.0.2/tcp/2',
      'Nobody listens there',
      'not needed   /ip4/10.0.0.3/tcp/3',
    ])
  })
})
