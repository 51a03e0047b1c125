import { describe, expect, it } from 'vitest'
import type { NewEvent } from '../../src/core/events.ts'
import { connected, heard, liveScreen, peerIdOf, started } from '../support/live-screen.tsx'
import { dht, reserved } from '../support/views-world.ts'

const connectedNames = Array.from({ length: 30 }, (_, n) => `conn${String(n).padStart(4, '0')}`)
const heardNames = Array.from({ length: 5 }, (_, n) => `near${String(n).padStart(4, '0')}`)

/** What yamux sends and gets to learn whether a connection still stands: one ping and one answer each way. */
function kept(rate: number): NewEvent {
  const traffic = { bytesIn: 60, bytesOut: 60, rateIn: rate, rateOut: rate }
  const peers = connectedNames.map(name => ({ peerId: peerIdOf(name), ...traffic }))
  const total = { ...traffic, rateIn: rate * peers.length, rateOut: rate * peers.length }
  return {
    type: 'traffic:sampled',
    periodMs: 1000,
    streams: [],
    total,
    connections: [],
    peers,
    protocols: [],
  }
}

function heardAgain(name: string): NewEvent {
  return { ...heard(name), type: 'peer:refreshed' } as NewEvent
}

describe('a screen at rest', () => {
  it('writes nothing for a minute, with 30 peers connected and 5 heard again and again', async () => {
    const { terminal, happen, pass } = await liveScreen({ columns: 160, rows: 50 })
    await happen(
      started,
      ...connectedNames.flatMap(name => connected(name)),
      ...heardNames.map(name => heard(name)),
    )
    await pass(15_000)
    expect(terminal.screen().filter(line => /^[▸ ]●/.test(line))).toHaveLength(30)
    const before = terminal.output()
    for (let second = 1; second <= 60; second += 1) {
      await pass(1000)
      if (second % 10 === 0) await happen(...heardNames.map(heardAgain))
      if (second % 30 === 0) await happen(kept(60))
      if (second % 30 === 1) await happen(kept(0))
    }
    expect(terminal.output().slice(before.length)).toBe('')
  })

  it.each(['2', '3', '4'])(
    'writes nothing for a minute in view %s, after its rows have stopped being new',
    async view => {
      const { terminal, happen, pass, clock } = await liveScreen({ columns: 160, rows: 50 })
      await happen(
        started,
        ...connectedNames.flatMap(name => connected(name)),
        ...dht(connectedNames.map((name, n) => [name, n % 5] as const)),
        reserved('relay001', clock.now() + 3_600_000 * 3),
      )
      await terminal.press(view)
      await pass(11 * 60_000)
      const before = terminal.output()
      expect(terminal.screen().some(line => /10m|2h left/.test(line))).toBe(true)
      for (let second = 1; second <= 60; second += 1) {
        await pass(1000)
        if (second % 30 === 0) await happen(kept(60))
        if (second % 30 === 1) await happen(kept(0))
      }
      expect(terminal.output().slice(before.length)).toBe('')
    },
  )

  it('says of a peer that it is new for ten seconds, and then only that it is there', async () => {
    const { terminal, happen, pass } = await liveScreen({ columns: 160, rows: 20 })
    const row = () => terminal.screen().find(line => line.includes('near0000'))
    await happen(started, heard('near0000'))
    expect(row()).toMatch(/mdns {4}new/)
    const { length } = terminal.output()
    await pass(9000)
    expect(terminal.output().length).toBe(length)
    await pass(1000)
    expect(row()).toMatch(/mdns( *│|$)/)
  })

  it('says how long ago a peer went, by tens from ten on', async () => {
    const { terminal, happen, pass } = await liveScreen({ columns: 160, rows: 20 })
    const age = () => /expired (\w+)/.exec(terminal.screen().join('\n'))?.[1]
    const peerId = peerIdOf('near0000')
    const gone: NewEvent = { type: 'peer:expired', peerId, source: 'mdns', addresses: [], reason: 'goodbye' }
    await happen(started, heard('near0000'), gone)
    const ages: (string | undefined)[] = []
    let passed = 0
    for (const seconds of [3, 9, 10, 19, 59, 60, 599, 600, 3599, 3600]) {
      await pass((seconds - passed) * 1000)
      passed = seconds
      ages.push(age())
    }
    expect(ages).toEqual(['3s', '9s', '10s', '10s', '50s', '1m', '9m', '10m', '50m', '1h'])
  })
})
