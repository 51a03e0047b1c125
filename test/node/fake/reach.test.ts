import { describe, expect, it } from 'vitest'
import type { NodeEvent, NodeEventType } from '../../../src/core/events.ts'
import { startFakePort } from '../../../src/node/fake/fake-port.ts'
import { ManualClock } from '../../support/manual-clock.ts'
import { PortReader } from '../../support/port-reader.ts'

const MINUTE = 60_000

async function afterMinutes(minutes: number) {
  const clock = new ManualClock()
  const fake = startFakePort({ clock })
  const reader = new PortReader(fake.port, { capacity: 200_000 })
  // In time: what waits is bounded in size, and there is a sample of the traffic each second.
  for (let minute = 0; minute < minutes; minute += 1) {
    clock.advance(MINUTE)
    await reader.read()
  }
  const all = <T extends NodeEventType>(type: T) =>
    reader.events.filter(event => event.type === type) as unknown as NodeEvent<T>[]
  return { all, clock, fake }
}

describe('the world around the fake node', () => {
  it('holds a reservation while its relay is connected, and knows that nobody gets in directly', async () => {
    const { fake, clock } = await afterMinutes(1)
    const { relays, ownAddresses, peers } = fake.state()
    const [held] = relays.values()
    expect(held?.expiresAt).toBeGreaterThan(clock.now())
    expect(peers.get(held?.peerId ?? '')?.presence).toBe('connected')
    expect([...ownAddresses.values()].map(({ how, reachable }) => [how, reachable])).toEqual(
      expect.arrayContaining([
        ['guessed', false],
        ['relay', undefined],
      ]),
    )
  })

  it('has visitors through the relay, some of whom become direct', async () => {
    const { all, fake } = await afterMinutes(30)
    const relayed = all('connection:opened').filter(event => event.relayed === true)
    expect(relayed.length).toBeGreaterThan(3)
    expect(all('punch:failed').length).toBeGreaterThan(0)
    const upgraded = all('connection:upgraded')
    expect(upgraded.length).toBeGreaterThan(0)
    expect(upgraded.length).toBe(all('punch:succeeded').length)
    for (const { relayedConnectionId } of upgraded) {
      expect(fake.state().connections.has(relayedConnectionId)).toBe(false)
    }
  })

  it('loses the reservation with the relay, and never keeps one that has ended', async () => {
    const { all, fake, clock } = await afterMinutes(180)
    expect(all('relay:lost').length).toBeGreaterThan(0)
    for (const { expiresAt } of fake.state().relays.values()) expect(expiresAt).toBeGreaterThan(clock.now())
  })
})
