import { describe, expect, it } from 'vitest'
import type { NewEvent } from '../../../src/core/events.ts'
import { type SafeText, safeText, say } from '../../../src/core/safe-text.ts'
import { bestAddress, dialable } from '../../../src/store/selectors/node-rows.ts'
import { MAX_PUNCHES } from '../../../src/store/swarm/punches.ts'
import { stateAfter } from '../../support/swarm-events.ts'

const peerId = say`alice`
const address = say`/ip4/203.0.113.9/tcp/4001`
const started: NewEvent = { type: 'punch:started', peerId }
const tried: NewEvent = {
  type: 'punch:tried',
  peerId,
  how: 'punch',
  attempt: 1,
  attempts: 3,
  addresses: [address],
}

function opened(connectionId: SafeText, at: SafeText, relayed?: true): NewEvent {
  return {
    type: 'connection:opened',
    peerId,
    connectionId,
    address: at,
    direction: 'outbound',
    transport: say`tcp`,
    encryption: say`/noise`,
    muxer: say`/yamux/1.0.0`,
    ...(relayed && { relayed }),
  }
}

describe('a hole punch', () => {
  it('is remembered with its last try and how it ended', () => {
    const succeeded: NewEvent = { type: 'punch:succeeded', peerId, address, durationMs: 5 }
    expect(stateAfter(started, tried, succeeded).punches.get(peerId)).toMatchObject({
      state: 'succeeded',
      latest: { how: 'punch', attempt: 1, attempts: 3, addresses: [address] },
      address,
      durationMs: 5,
    })
  })

  it('that begins anew has nothing of the one before', () => {
    const failure = { cause: say`no`, hint: say`try` }
    const failed: NewEvent = { type: 'punch:failed', peerId, ...failure, durationMs: 5 }
    expect(stateAfter(started, tried, failed).punches.get(peerId)).toMatchObject({ state: 'failed', failure })
    const again = stateAfter(started, tried, failed, started).punches.get(peerId)
    expect(Object.keys(again ?? {})).toEqual(['peerId', 'startedAt', 'state'])
  })

  it('leads to an address that is shown, and not dialed again once the connection is gone', () => {
    const relayAddress = say`/ip4/198.51.100.7/tcp/4001/p2p/relay/p2p-circuit`
    const both = stateAfter(
      opened(say`c1`, relayAddress, true),
      started,
      tried,
      opened(say`c2`, say`${address}/p2p/alice`),
      { type: 'punch:succeeded', peerId, address: say`${address}/p2p/alice`, durationMs: 5 },
    )
    const peer = both.peers.get(peerId)
    expect(peer?.addresses).toEqual([relayAddress])
    expect(peer && bestAddress(both, peer)).toBe(`${address}/p2p/alice`)
    expect(dialable(both, peerId)).toBe(`${relayAddress}/p2p/alice`)
  })

  it('that came down to one dial leaves an address that can be dialed again', () => {
    const dialed: NewEvent = { ...tried, how: 'dial' }
    const at = say`${address}/p2p/alice`
    const succeeded: NewEvent = { type: 'punch:succeeded', peerId, address: at, durationMs: 5 }
    expect(dialable(stateAfter(started, dialed, opened(say`c2`, at), succeeded), peerId)).toBe(at)
  })

  it('of those that began long ago is forgotten', () => {
    const many = Array.from(
      { length: MAX_PUNCHES + 3 },
      (_, n): NewEvent => ({
        type: 'punch:started',
        peerId: safeText(`peer${n}`),
      }),
    )
    const { punches } = stateAfter(...many)
    expect(punches.size).toBe(MAX_PUNCHES)
    expect(punches.has(`peer${MAX_PUNCHES + 2}`)).toBe(true)
  })
})
