import type { Connection, Libp2p } from '@libp2p/interface'
import { expect, it } from 'vitest'
import { Asker } from '../../../../src/node/reach/autonat/asker.ts'
import type { AutonatClient, DialResults } from '../../../../src/node/reach/autonat/parts.ts'

const ADDRESS = '/ip4/11.0.0.1/tcp/4001'

/** Asks a peer that behaves in some way. */
function asked(peer: (results: DialResults, comes: () => void, signal: AbortSignal) => Promise<void> | void) {
  const client: AutonatClient = {
    dialResults: new Map(),
    nonces: new Set(),
    askPeerToVerify: async (_, __, nonce, { signal }) => {
      const [results] = client.dialResults.values()
      await peer(results!, () => client.nonces.delete(nonce), signal)
    },
    handleDialBackStream: async () => {},
  }
  const ending = new AbortController()
  const asker = new Asker({} as Libp2p, client)
  return { client, ending, asker, answer: asker.ask({} as Connection, ADDRESS, ending.signal) }
}

it('a peer that came and says so has reached us; one that could not has not', async () => {
  const reached = asked((results, comes) => {
    expect(String(results.multiaddr)).toBe(ADDRESS)
    comes()
    results.success++
  })
  expect(await reached.answer).toEqual({ reachable: true })
  expect(await asked(results => void results.failure++).answer).toEqual({ reachable: false })
})

it('a peer that only says so is not believed', async () => {
  expect(await asked(results => void results.success++).answer).toEqual({
    refused: 'it says that it got there, and never came',
  })
})

it('a peer that does not answer, or not in time, has not tried', async () => {
  expect(await asked(() => {}).answer).toEqual({ refused: 'it declined, or found something else there' })
  const { answer, client } = asked(() => Promise.reject(new Error('Unexpected EOF')))
  expect(await answer).toHaveProperty('refused')
  expect([client.dialResults.size, client.nonces.size]).toEqual([0, 0])
})

it('asking ends with the node, and one question waits for the other', async () => {
  const { answer, ending, asker, client } = asked(
    (_, __, signal) =>
      new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
  )
  const second = asker.ask({} as Connection, '/ip4/11.0.0.2/tcp/1', ending.signal)
  await Promise.resolve()
  expect([...client.dialResults.keys()]).toEqual([ADDRESS])
  ending.abort()
  expect(await answer).toHaveProperty('refused')
  expect(await second).toHaveProperty('refused')
})
