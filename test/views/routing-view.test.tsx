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
    expect(terminal.screen().some(line => line.includes('bafyabc'))).toBe(false)
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
