import { describe, expect, it } from 'vitest'
import { say } from '../../src/core/safe-text.ts'
import { connected, liveScreen, peerIdOf, started } from '../support/live-screen.tsx'
import { dht } from '../support/views-world.ts'

describe('the routing view', () => {
  it('says how to switch the DHT on where there is none', async () => {
    const { terminal, happen } = await liveScreen({ columns: 80, rows: 24 })
    await happen(started)
    await terminal.press('3')
    expect(terminal.screen()[1]).toContain('Routing  no DHT')
    expect(terminal.screen().join(' ')).toContain('--dht lan')
  })

  it('shows how full each bucket is, the farthest first, and who is there', async () => {
    const { terminal, happen, pass } = await liveScreen({ columns: 120, rows: 30 })
    const near = ['near0001', 'near0002', 'near0003'].map(name => [name, 4] as const)
    await happen(started, ...connected('near0002'), ...dht([...near, ['faraway1', 0]]))
    await terminal.press('3')
    const lines = terminal.screen()
    expect(lines[1]).toMatch(/Routing {2}client of \/p2ptui\/kad\/1\.0\.0 {2}4 peers {2}2 buckets/)
    const at = (text: string) => lines.findIndex(line => line.includes(text))
    expect(lines[at('Bucket 0')]).toMatch(/Bucket 0 +━·{19} +1 of 20 +0 bits/)
    expect(lines[at('Bucket 4')]).toMatch(/Bucket 4 +━━━·{17} +3 of 20 +4 bits/)
    expect(at('faraway1')).toBe(at('Bucket 0') + 1)
    expect(at('Bucket 4')).toBe(at('faraway1') + 1)
    expect(lines[at('near0002')]).toMatch(/● …near0002 +kubo\/0\.38 .* new/)
    await pass(61_000)
    expect(terminal.screen()[at('near0002')]).toMatch(/ 1m$/)
    await happen({ type: 'routing:removed', peerId: peerIdOf('faraway1') })
    expect(terminal.screen()[1]).toMatch(/3 peers {2}1 bucket /)
  })

  it('shows queries while they run', async () => {
    const { terminal, happen } = await liveScreen({ columns: 100, rows: 20 })
    const requestId = say`q1`
    await happen(
      started,
      ...dht([['near0001', 4]]),
      { type: 'query:started', requestId, query: 'providers', subject: say`bafyabc` },
      ...(['asked', 'asked', 'answered', 'failed'] as const).map(
        step =>
          ({
            type: 'query:progressed',
            requestId,
            query: 'providers',
            peerId: peerIdOf('near0001'),
            step,
            elapsedMs: 1,
          }) as const,
      ),
    )
    await terminal.press('3')
    expect(terminal.screen()[1]).toContain('1 query')
    expect(terminal.screen().find(line => line.includes('bafyabc'))).toMatch(
      /providers bafyabc +0 s +1 of 2 answered, 1 failure/,
    )
    await happen({
      type: 'query:ended',
      requestId,
      query: 'providers',
      subject: say`bafyabc`,
      outcome: 'nothing',
      asked: 2,
      answered: 1,
      found: 0,
      durationMs: 5,
    })
    expect(terminal.screen().find(line => line.includes('bafyabc'))).toMatch(
      /providers bafyabc +5\.00 ms +nothing, 1 of 2 answered, 1 failure/,
    )
    expect(terminal.screen()[1]).not.toContain('1 query')
  })

  it('keeps what the last query found, to be dialed or copied', async () => {
    const { terminal, happen, port } = await liveScreen({ columns: 100, rows: 20 })
    const [requestId, query, peerId] = [say`q1`, 'providers', peerIdOf('found001')] as const
    const address = say`/ip4/192.168.1.9/tcp/4001/p2p/${peerId}`
    await happen(
      started,
      ...dht([['near0001', 4]]),
      { type: 'query:started', requestId, query, subject: say`bafyabc` },
      { type: 'peer:discovered', peerId, addresses: [address], source: 'dht' },
      { type: 'query:found', requestId, query, peerId, addresses: [address] },
    )
    await terminal.press('3')
    const row = () => terminal.screen().find(line => line.includes('…found001'))
    expect(row()).toContain('/ip4/192.168.1.9/tcp/4001')
    await happen({
      type: 'query:ended',
      requestId,
      query,
      subject: say`bafyabc`,
      outcome: 'found',
      asked: 2,
      answered: 2,
      found: 1,
      durationMs: 5,
    })
    await terminal.press('g', 'j', 'j')
    expect(row()).toMatch(/^▸/)
    await terminal.press('d')
    expect(port.asked).toMatchObject([{ kind: 'dial', params: { target: peerId } }])
  })

  it('shows what this node provides, and how fresh the table is', async () => {
    const { terminal, happen, pass, clock } = await liveScreen({ columns: 100, rows: 20 })
    await happen(started, ...dht([['near0001', 4]]))
    await terminal.press('3')
    await pass(600_000)
    expect(terminal.screen().find(line => line.includes('…near0001'))).toMatch(/ 10m$/)
    expect(terminal.screen().find(line => line.includes('Bucket 4'))).not.toContain('refreshed')
    const at = clock.now() - 3 * 3_600_000
    await happen(
      {
        type: 'routing:refreshed',
        heard: [{ peerId: peerIdOf('near0001'), at }],
        buckets: [{ bucket: 4, at }],
      },
      { type: 'providing:updated', cid: say`bafyabc`, since: at, announcedAt: at, peers: 19, nextAt: at },
      { type: 'providing:updated', cid: say`bafyxyz`, since: at, cause: say`No peer took it`, nextAt: at },
    )
    const line = (words: string) => terminal.screen().find(row => row.includes(words))
    expect(line('…near0001')).toMatch(/ 3h$/)
    expect(line('Bucket 4')).toMatch(/refreshed 3h$/)
    await happen({ type: 'routing:refreshed', heard: [], buckets: [{ bucket: 4, at: clock.now() }] })
    expect(line('Bucket 4')).toMatch(/refreshed <1m$/)
    expect(line('bafyabc')).toMatch(/bafyabc +with 19 peers +3h$/)
    expect(line('bafyxyz')).toMatch(/bafyxyz +No peer took it/)
    await happen(
      { type: 'providing:stopped', cid: say`bafyabc` },
      { type: 'providing:stopped', cid: say`bafyxyz` },
    )
    expect(line('Provided')).toBeUndefined()
  })

  it('can be gone through at 40x10', async () => {
    const { terminal, happen } = await liveScreen({ columns: 40, rows: 10 })
    const entries = Array.from({ length: 30 }, (_, n) => [`n${String(n).padStart(7, '0')}`, n % 3] as const)
    await happen(started, ...dht(entries))
    await terminal.press('3', 'G')
    expect(terminal.screen().find(line => line.startsWith('▸'))).toContain('n0000029')
    await terminal.press('g')
    expect(terminal.screen().find(line => line.startsWith('▸'))).toContain('Bucket 0')
    expect(terminal.screen()[2]).toMatch(/PEER/)
  })
})
