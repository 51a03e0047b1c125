import { afterEach, describe, expect, it } from 'vitest'
import {
  type OddPinger,
  startClosing,
  startEcho,
  startGarbage,
  startPinger,
  startSilent,
} from '../support/peers/odd-pingers.ts'
import { addressOf, startPeer, stopPeers } from '../support/peers/peer.ts'
import { until } from '../support/peers/until.ts'
import { LOOPBACK_ARGS, PipedProgram } from '../support/program.ts'

const peers: OddPinger['peer'][] = []
afterEach(() => stopPeers(peers.splice(0)))

/** The built program, connected to a peer of an odd kind and to one that is as it should be. */
async function connectedTo(start: () => Promise<{ peer: OddPinger['peer'] }>) {
  const [odd, good] = await Promise.all([start(), startEcho()])
  peers.push(odd.peer, good.peer)
  const targets = [odd.peer, good.peer].map(peer => addressOf(peer).toString())
  const node = new PipedProgram(['--headless', '--json', ...LOOPBACK_ARGS, ...targets])
  const isOdd = ({ peerId }: Record<string, unknown>) => peerId === odd.peer.peerId.toString()
  await node.event('connection:opened', isOdd)
  return { node, odd: odd.peer, good: good.peer, isOdd }
}

describe('a peer that answers pings in a way of its own', () => {
  it.each([
    ['never', 'timeout', startSilent],
    ['with garbage', 'garbage', startGarbage],
    ['by closing the stream', 'closed', startClosing],
    [
      'not at all, for it does not speak ping',
      'unsupported',
      async () => ({ peer: await startPeer({ ping: false }) }),
    ],
  ] as const)('%s: shown as %s, and its connection lives', async (_, kind, start) => {
    const { node, odd, good, isOdd } = await connectedTo(start)
    const failed = await node.event('ping:failed', isOdd)
    expect(failed).toMatchObject({ kind, cause: expect.stringMatching(/\w/) })
    // The others are pinged all the same.
    await node.event('ping:succeeded', ({ peerId }) => peerId === good.peerId.toString())
    expect(node.events().filter(event => event.type === 'connection:closed')).toEqual([])
    expect(odd.getConnections().map(({ status }) => status)).toEqual(['open'])
  })

  it('slowly: its time is shown as it was, and holds up no other ping', async () => {
    const held: { since: number; answer: () => void }[] = []
    const slow = () =>
      startPinger((ping, { stream }) => {
        held.push({ since: performance.now(), answer: () => stream.send(ping) })
      })
    const { node, good, isOdd } = await connectedTo(slow)
    const isGood = ({ peerId }: Record<string, unknown>) => peerId === good.peerId.toString()
    await node.event('connection:opened', isGood)
    // The first answer on a stream is the cold one.
    for (const cold of [true, false]) {
      await until(() => held.length === 1)
      const { since, answer } = held.pop() ?? expect.fail('no ping came')
      expect(node.events().filter(event => event.type === 'ping:succeeded' && isOdd(event))).toHaveLength(
        cold ? 0 : 1,
      )
      const before = Number(node.events().at(-1)?.seq)
      node.child.stdin?.write(`ping ${good.peerId}\n`)
      await node.event(
        'ping:succeeded',
        event => isGood(event) && event.requestId !== undefined && Number(event.seq) > before,
      )
      const heldMs = performance.now() - since
      answer()
      const answered = await node.event('ping:succeeded', event => isOdd(event) && event.cold === cold)
      // Another process measures: their clocks may differ by a rounding.
      expect(answered.rttMs).toBeGreaterThanOrEqual(heldMs - 1)
    }
    expect(
      node.events().filter(({ type }) => type === 'ping:failed' || type === 'connection:closed'),
    ).toEqual([])
  })
})
