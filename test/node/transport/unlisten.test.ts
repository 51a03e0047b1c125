import { describe, expect, it } from 'vitest'
import type { RequestFailed } from '../../../src/core/failure.ts'
import { safeText } from '../../../src/core/safe-text.ts'
import { watchNode } from '../../support/watched-node.ts'

const QUIET = { listen: [] }

describe('unlisten', () => {
  it.each(['/ip4/127.0.0.1/tcp/0', '/ip4/127.0.0.1/tcp/0/ws', '/ip4/127.0.0.1/udp/0/quic-v1'])(
    'closes %s: nobody gets in by it any more, other addresses stay',
    async wanted => {
      const node = watchNode({ listen: [wanted, '/ip6/::1/tcp/0'] })
      const address = await node.address()
      const kept = await node.heard('listen:opened', event => event.address.startsWith('/ip6/'))
      const guest = watchNode(QUIET)
      await guest.port.request('dial', { target: address })
      const id = safeText('away')
      expect(await node.port.request('unlisten', { address }, { id })).toEqual({ addresses: [address] })
      const closed = await node.heard('listen:closed')
      expect(closed).toMatchObject({ address, requestId: 'away' })
      expect(node.events.filter(({ type }) => type === 'listen:closed')).toHaveLength(1)
      expect(node.state().node.listening).toEqual([kept.address])
      await guest.heard('connection:closed')
      const again = guest.port.request('dial', { target: address }, { deadlineMs: 1000 })
      await expect(again).rejects.toThrow(/Nothing listens|did not open|Took longer/)
      await guest.port.request('dial', { target: kept.address })
    },
  )

  it('takes what was asked for, a wildcard with all its addresses, and the place can be taken anew', async () => {
    const node = watchNode({ listen: ['/ip4/0.0.0.0/tcp/0'] })
    const port = /tcp\/(\d+)/.exec(await node.address())?.[1]
    const { listening } = await node.port
      .request('listen', { address: '/ip4/127.0.0.1/tcp/0/ws' })
      .then(() => node.state().node)
    const { addresses } = await node.port.request('unlisten', { address: '/ip4/0.0.0.0/tcp/0' })
    expect(addresses).toEqual(listening.filter(address => address.includes(`/tcp/${port}/p2p`)))
    await node.port.request('listen', { address: `/ip4/0.0.0.0/tcp/${port}` })
  })

  it('says where the node does listen, when it does not listen there', async () => {
    const node = watchNode()
    const listening = (await node.address()).replace(/\/p2p\/.*/, '')
    const failure = async (address: string) =>
      node.port.request('unlisten', { address }).then(
        () => expect.fail('it did'),
        (error: RequestFailed) => error.failure,
      )
    expect(await failure('/ip4/127.0.0.1/tcp/1')).toEqual({
      stage: 'target',
      cause: 'This node does not listen on /ip4/127.0.0.1/tcp/1',
      hint: `It listens on ${listening}`,
    })
    expect((await failure('nonsense')).cause).toBe('This node does not listen on nonsense')
    await node.port.request('unlisten', { address: listening })
    expect((await failure(listening)).hint).toBe('It does not listen anywhere')
  })
})
