import { expect, it } from 'vitest'
import { connectionReplies } from '../../../src/commands/replies/connections.ts'
import { peerReply } from '../../../src/commands/replies/peers.ts'
import { entryReplies } from '../../../src/commands/replies/routing.ts'
import { HOSTILE_TEXTS } from '../../support/hostile-text.ts'
import { ANNA, connected, swarmOf, text } from '../../support/swarms.ts'

const ADDRESS = '/ip4/10.0.0.2/tcp/4001'
const SAFE = /^[\p{L}\p{M}\p{N}_/.:%,@+=\u2026\uFFFD-]+$/u

it.each(Object.entries(HOSTILE_TEXTS))('a name that %s is one word that needs no quotes', (_, hostile) => {
  const words = text(`a ${hostile}`)
  const swarm = swarmOf(
    connected(ANNA, ADDRESS),
    {
      type: 'peer:identified',
      peerId: ANNA,
      connectionId: text(`to-${ANNA}`),
      agentVersion: words,
      protocols: [words],
      addresses: [],
    },
    { type: 'name:given', peerId: ANNA, name: words },
    {
      type: 'stream:opened',
      peerId: ANNA,
      connectionId: text(`to-${ANNA}`),
      streamId: text('1'),
      protocol: words,
      direction: 'inbound',
    },
    { type: 'routing:added', peerId: ANNA, bucket: 1 },
  )
  const [peer] = [...swarm.peers.values()]
  const peerLine = peerReply(peer!).text.split(' ')
  expect(peerLine).toHaveLength(5)
  expect(peerLine.slice(0, 2)).toEqual(['connected', ANNA])
  const [connection = [], stream = []] = connectionReplies([...swarm.connections.values()], swarm).map(
    reply => reply.text.trim().split(' '),
  )
  expect(connection).toHaveLength(14)
  expect(stream).toHaveLength(8)
  const entry = entryReplies(swarm)[0]?.text.split(' ') ?? []
  expect(entry).toHaveLength(6)
  for (const word of [...peerLine, ...connection, ...stream, ...entry]) expect(word).toMatch(SAFE)
})
