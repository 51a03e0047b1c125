import { expect, it } from 'vitest'
import { MdnsService } from '../../../src/node/mdns/service.ts'
import { ManualClock } from '../../support/manual-clock.ts'
import { ANN } from '../../support/mdns-peers.ts'

// What needs sockets is in netns.test.ts: here there is no interface, so nothing is sent.
it('says once that there is no network, and leaves no timer behind when it stops', async () => {
  const clock = new ManualClock()
  const told: string[] = []
  const service = new MdnsService(
    { peerId: ANN, addresses: () => [`/ip4/127.0.0.1/tcp/1/p2p/${ANN}`], clock, interfaces: () => ({}) },
    {
      heard: () => told.push('heard'),
      left: () => told.push('left'),
      crowdedOut: () => told.push('crowdedOut'),
      exceeded: () => told.push('exceeded'),
      problem: ({ cause }) => told.push(cause),
      recovered: () => told.push('recovered'),
    },
  )
  await service.start()
  expect(told).toEqual(['No network interface is up, so no node can be heard'])
  service.announce()
  await clock.advanceAsync(60_000, 1000)
  expect(told).toHaveLength(1)
  service.announce()
  await service.stop()
  expect(clock.pending).toBe(0)
  service.announce()
  expect(clock.pending).toBe(0)
})
