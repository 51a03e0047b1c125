import { describe, expect, it } from 'vitest'
import type { NewEvent } from '../../../src/core/events.ts'
import { type SafeText, say } from '../../../src/core/safe-text.ts'
import { EventHub } from '../../../src/node/port/event-hub.ts'
import { AgeKeeper } from '../../../src/node/profile/age-keeper.ts'
import { PeerNotes } from '../../../src/node/profile/peer-notes.ts'
import { ManualClock } from '../../support/manual-clock.ts'
import { peerIds } from '../../support/peer-ids.ts'

const WRITE_AFTER_MS = 2_000

/** A keeper of ages over notes whose writes are counted, and told what happens as in a node. */
async function keeping(put: () => Promise<void> = () => Promise.resolve()) {
  const clock = new ManualClock()
  const hub = new EventHub(clock)
  let writes = 0
  const database = {
    put: () => {
      writes += 1
      return put()
    },
    del: () => Promise.resolve(),
    async *iterator() {},
  }
  const notes = await PeerNotes.load(database as never)
  const ages = new AgeKeeper({ clock, hub, notes })
  const happen = (event: NewEvent): void => {
    hub.emit(event)
    ages.heard(event)
  }
  const [peerId = say``] = await peerIds(1)
  return { clock, notes, ages, happen, peerId, writes: () => writes }
}

const heard = (peerId: SafeText): NewEvent => ({
  type: 'peer:discovered',
  peerId,
  addresses: [],
  source: 'mdns',
})
const connection = (peerId: SafeText) => ({ peerId, connectionId: say`c1` })
const opened = (peerId: SafeText): NewEvent => ({
  type: 'connection:opened',
  ...connection(peerId),
  address: say`/ip4/192.0.2.1/tcp/1`,
  direction: 'outbound',
  transport: say`tcp`,
  encryption: say`/noise`,
  muxer: say`/yamux/1.0.0`,
})
const closed = (peerId: SafeText): NewEvent => ({
  type: 'connection:closed',
  ...connection(peerId),
  reason: say`over`,
  durationMs: 1,
  bytesIn: 0,
  bytesOut: 0,
})

describe('ages of peers', () => {
  it('are written once in a while, however often a peer is heard', async () => {
    const { clock, notes, happen, peerId, writes } = await keeping()
    const first = clock.now()
    happen(heard(peerId))
    for (let n = 0; n < 5; n += 1) {
      await clock.advanceAsync(100)
      happen({ type: 'peer:refreshed', peerId, addresses: [], source: 'mdns' })
    }
    expect(writes()).toBe(0)
    await clock.advanceAsync(WRITE_AFTER_MS)
    expect(writes()).toBe(1)
    expect(notes.of(peerId).seen).toEqual([{ source: 'mdns', firstSeen: first, lastSeen: first + 500 }])
  })

  it('go on from those of earlier runs', async () => {
    const { clock, notes, happen, peerId } = await keeping()
    await notes.change(peerId, () => ({
      name: 'old laptop',
      seen: [
        { source: 'mdns', firstSeen: 5, lastSeen: 6 },
        { source: 'inbound', firstSeen: 7, lastSeen: 8 },
      ],
    }))
    happen(heard(peerId))
    await clock.advanceAsync(WRITE_AFTER_MS)
    expect(notes.of(peerId)).toEqual({
      name: 'old laptop',
      seen: [
        { source: 'mdns', firstSeen: 5, lastSeen: clock.now() - WRITE_AFTER_MS },
        { source: 'inbound', firstSeen: 7, lastSeen: 8 },
      ],
    })
  })

  it('leave out what the notes themselves have told', async () => {
    const { clock, happen, peerId, writes } = await keeping()
    happen({ type: 'peer:discovered', peerId, addresses: [], source: 'known' })
    await clock.advanceAsync(WRITE_AFTER_MS)
    expect(writes()).toBe(0)
    expect(clock.pending).toBe(0)
  })

  it('count an open connection until the node stops, and begin nothing after that', async () => {
    const { clock, notes, ages, happen, peerId, writes } = await keeping()
    happen({ type: 'peer:discovered', peerId, addresses: [], source: 'dialed' })
    happen(opened(peerId))
    await clock.advanceAsync(60_000)
    await ages.stop()
    expect(notes.of(peerId).seen[0]?.lastSeen).toBe(clock.now())
    const before = writes()
    // The connections close with the node, after the last write.
    happen(closed(peerId))
    expect(clock.pending).toBe(0)
    expect(writes()).toBe(before)
  })

  it('are no alarm when the disk is full, and are written when it has room again', async () => {
    let full = true
    const { clock, ages, happen, peerId, writes } = await keeping(() =>
      full ? Promise.reject(new Error('No space left on device')) : Promise.resolve(),
    )
    happen(heard(peerId))
    await clock.advanceAsync(WRITE_AFTER_MS)
    expect(writes()).toBe(1)
    full = false
    happen({ type: 'peer:refreshed', peerId, addresses: [], source: 'mdns' })
    await ages.stop()
    expect(writes()).toBe(2)
  })

  it('are forgotten with their peer, unless a person has plans with it', async () => {
    const { clock, notes, ages, happen, peerId, writes } = await keeping()
    const [named = say``] = await peerIds(1)
    await notes.change(named, note => ({ ...note, name: 'old laptop' }))
    const before = writes()
    happen(heard(peerId))
    happen(heard(named))
    ages.forget(peerId)
    ages.forget(named)
    await clock.advanceAsync(WRITE_AFTER_MS)
    expect(writes()).toBe(before)
    expect(notes.of(peerId)).toEqual({ seen: [] })
    expect(notes.of(named).name).toBe('old laptop')
  })
})
