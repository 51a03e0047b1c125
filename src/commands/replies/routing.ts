/** The routing table as answers. */
import { plural } from '../../core/format.ts'
import { joinSafe, plainWord, type SafeText, safeText, say } from '../../core/safe-text.ts'
import type { RoutingEntry } from '../../core/swarm.ts'
import { bucketsInOrder } from '../../store/selectors/in-order.ts'
import type { SwarmState } from '../../store/swarm/state.ts'
import type { Reply } from '../command.ts'

/** Each peer of the table, bucket by bucket. */
export function entryReplies(state: SwarmState): Reply[] {
  return bucketsInOrder(state).flatMap(({ entries }) => entries.map(entry => entryReply(entry, state)))
}

/** What the table amounts to, or that there is none. */
export function routingSum(state: SwarmState): Reply {
  const { dht, routing, queries } = state
  const buckets = bucketsInOrder(state)
  const table = say`${plural(routing.size, say`peer`, say`peers`)} in ${plural(buckets.length, say`bucket`, say`buckets`)}`
  return {
    tone: 'plain',
    text:
      dht === undefined
        ? say`no DHT: start p2p-tui with --dht`
        : say`${safeText(dht.mode)} of ${dht.protocol}: ${table}, ${plural(queries.size, say`query`, say`queries`)} running`,
    data: {
      type: 'routing',
      protocol: dht?.protocol,
      mode: dht?.mode,
      peers: routing.size,
      buckets: buckets.map(({ bucket, entries }) => ({
        bucket,
        peers: entries.length,
        refreshedAt: state.buckets.get(bucket)?.refreshedAt,
      })),
      queries: [...queries.values()].map(({ query, subject, startedAt, asked, answered, found }) => ({
        query,
        subject,
        startedAt,
        asked,
        answered,
        found,
      })),
    },
  }
}

function entryReply({ peerId, bucket, addedAt, heardAt }: RoutingEntry, { peers }: SwarmState): Reply {
  const { name, agentVersion, addresses = [] } = peers.get(peerId) ?? {}
  const parts: SafeText[] = [
    say`bucket ${bucket} ${peerId}`,
    ...(name === undefined ? [] : [plainWord(name)]),
    ...addresses.slice(0, 1),
    ...(agentVersion === undefined ? [] : [plainWord(agentVersion)]),
  ]
  return {
    tone: 'plain',
    text: joinSafe(parts, ' '),
    data: {
      type: 'routing:entry',
      peerId,
      name,
      bucket,
      addedAt,
      heardAt,
      agentVersion,
      addresses: [...addresses],
    },
  }
}
