import { limitsPerConnection } from '../../core/event-text/relays.ts'
import { formatTime } from '../../core/format.ts'
import { joinSafe, say } from '../../core/safe-text.ts'
import { shownName } from '../../store/selectors/shown-name.ts'
import type { Command } from '../command.ts'
import { PEER_PLACES } from '../keys.ts'
import { addressOf } from '../target.ts'

/** Reserves at a relay, so that others reach this node through it. Fails with what the relay said. */
export const reserve: Command = {
  verb: 'reserve',
  summary: 'reserves at a relay, so that others reach this node through it',
  details:
    'Circuit relay v2. The reservation is renewed before it expires, and asked for again when it is lost, until you hang up on the relay. Relayed connections become direct ones where a hole can be punched (DCUtR).',
  params: [
    { name: 'relay', kind: 'target', summary: 'the address of the relay, with its Peer ID, or a known peer' },
  ],
  keys: [
    { keys: ['R'], where: PEER_PLACES, when: 'selected', label: 'reserve', line: 'reserve @', rank: 38 },
  ],
  examples: ['reserve @', 'reserve /ip4/192.168.1.2/tcp/4001/p2p/12D3KooW...'],
  where: 'node',
  answers: ['reserve'],
  async run(args, context) {
    const { port, signal, swarm, reply } = context
    const relay = await addressOf(String(args.relay), context)
    const reserved = await port.request('reserve', { relay }, { signal })
    const { peerId, addresses, expiresAt, limitBytes, limitMs } = reserved
    const until = formatTime(expiresAt, false)
    reply({
      tone: 'good',
      text: say`reachable through ${shownName(swarm(), peerId)} until ${until}, renewed before that, at ${joinSafe(addresses, ', ')}${limitsPerConnection(reserved)}`,
      data: { type: 'reserve', peerId, addresses, expiresAt, limitBytes, limitMs },
    })
  },
}
