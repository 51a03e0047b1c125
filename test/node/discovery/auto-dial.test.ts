import { describe, expect, it } from 'vitest'
import { AutoDial } from '../../../src/node/discovery/auto-dial.ts'
import { ManualClock } from '../../support/manual-clock.ts'
import { addressOf, startPeer, stopPeers } from '../../support/peers/peer.ts'

function autoDial(self: string, connected: string[] = []) {
  const clock = new ManualClock()
  const dialed: string[] = []
  const dial = async (target: string): Promise<void> => {
    dialed.push(target)
  }
  const auto = new AutoDial({ clock, self, isConnected: id => connected.includes(id), dial })
  return { clock, dialed, connected, auto }
}

describe('automatic dialing', () => {
  it('dials at once when our Peer ID is the smaller one', () => {
    const { clock, dialed, auto } = autoDial('A')
    auto.heard('B')
    clock.advance(0)
    expect(dialed).toEqual(['B'])
  })

  it('leaves the dial to the other one otherwise, so that a pair ends with one connection', () => {
    const { clock, dialed, connected, auto } = autoDial('B')
    auto.heard('A')
    clock.advance(1_000)
    connected.push('A')
    clock.advance(10_000)
    expect(dialed).toEqual([])
  })

  it('dials after all when the other one does not', () => {
    const { clock, dialed, auto } = autoDial('B')
    auto.heard('A')
    clock.advance(10_000)
    expect(dialed).toEqual(['A'])
  })

  it('tries again while a peer is heard and not connected, not too soon, and not once it is gone', async () => {
    const { clock, dialed, auto } = autoDial('A')
    auto.heard('B')
    clock.advance(0)
    await clock.advanceAsync(5_000)
    auto.heard('B')
    clock.advance(0)
    expect(dialed).toEqual(['B'])
    await clock.advanceAsync(30_000)
    auto.heard('B')
    clock.advance(0)
    expect(dialed).toEqual(['B', 'B'])
    auto.expired('B')
    auto.heard('B')
    clock.advance(0)
    expect(dialed).toEqual(['B', 'B', 'B'])
  })

  it('leaves a peer alone that a person hung up on, until it comes back', async () => {
    const { clock, dialed, auto } = autoDial('A')
    auto.leave('B')
    await clock.advanceAsync(90_000)
    auto.heard('B')
    clock.advance(0)
    expect(dialed).toEqual([])
    auto.expired('B')
    auto.heard('B')
    clock.advance(0)
    expect(dialed).toEqual(['B'])
  })

  it('leaves a peer alone that is gone before its turn', () => {
    const { clock, dialed, auto } = autoDial('B')
    auto.heard('A')
    auto.expired('A')
    clock.advance(60_000)
    expect(dialed).toEqual([])
  })

  it('stops without a trace', () => {
    const { clock, dialed, auto } = autoDial('B')
    auto.heard('A')
    auto.stop()
    auto.heard('C')
    clock.advance(60_000)
    expect(dialed).toEqual([])
    expect(clock.pending).toBe(0)
  })

  it('dials a crowd a few at a time', async () => {
    const clock = new ManualClock()
    let running = 0
    let most = 0
    const ends: (() => void)[] = []
    const dial = (): Promise<void> => {
      running += 1
      most = Math.max(most, running)
      return new Promise(resolve =>
        ends.push(() => {
          running -= 1
          resolve()
        }),
      )
    }
    const auto = new AutoDial({ clock, self: 'A', isConnected: () => false, dial })
    for (let n = 0; n < 100; n += 1) auto.heard(`B${n}`)
    clock.advance(0)
    let ended = 0
    while (ended < 100) {
      ends[ended]?.()
      ended += 1
      await new Promise(resolve => setImmediate(resolve))
    }
    expect(ends).toHaveLength(100)
    expect(most).toBeLessThanOrEqual(8)
  })
})

describe('two nodes that hear each other in the same moment', () => {
  it('end with one connection', async () => {
    const peers = [await startPeer(), await startPeer()] as const
    const clock = new ManualClock()
    try {
      const dials: Promise<unknown>[] = []
      for (const [own, other] of [peers, [peers[1], peers[0]] as const]) {
        const auto = new AutoDial({
          clock,
          self: own.peerId.toString(),
          isConnected: () => own.getConnections(other.peerId).length > 0,
          dial: () => {
            const dial = own.dial(addressOf(other))
            dials.push(dial)
            return dial
          },
        })
        auto.heard(other.peerId.toString())
      }
      clock.advance(0)
      await Promise.all(dials)
      while (peers.some(peer => peer.getConnections().length === 0)) {
        await new Promise(resolve => setImmediate(resolve))
      }
      clock.advance(10_000)
      expect(dials).toHaveLength(1)
      expect(peers.map(peer => peer.getConnections().length)).toEqual([1, 1])
    } finally {
      await stopPeers(peers)
    }
  })
})
