import { withoutPeerId } from '../../core/address.ts'
import { failedFirst } from '../../core/dial-others.ts'
import { formatMs } from '../../core/format.ts'
import { say } from '../../core/safe-text.ts'
import { shownName } from '../../store/selectors/shown-name.ts'
import { identified } from '../alone/identified.ts'
import type { Command } from '../command.ts'
import { timeoutFlag } from '../flags.ts'
import { PEER_PLACES } from '../keys.ts'
import { resolveTarget } from '../target.ts'

/** Connects to a peer. Fails with the dial's failure; a peer connected already is a success. */
export const dial: Command = {
  verb: 'dial',
  aliases: ['connect'],
  summary: 'connects to a peer',
  details:
    'An address may go without a Peer ID: whoever answers is taken. A Peer ID is dialed at the addresses known of it.',
  params: [{ name: 'target', kind: 'target', summary: 'a multiaddr, a Peer ID, or a part of one' }],
  flags: [timeoutFlag(30)],
  keys: [
    {
      keys: ['d'],
      where: PEER_PLACES,
      when: 'disconnected',
      label: 'dial',
      line: 'dial @',
      rank: 10,
    },
    { keys: ['d'], where: ['any'], label: 'dial…', line: 'dial ', rank: 42 },
  ],
  examples: ['dial /ip4/192.168.1.2/tcp/4001', 'dial @', 'dial 8f3aQd'],
  where: 'both',
  answers: ['dial:succeeded'],
  async run(args, context) {
    const target = await resolveTarget(String(args.target), context)
    const result = await context.port.request('dial', { target: target.dial }, { signal: context.signal })
    // So that its address is in the address book.
    if (context.oneShot !== undefined && context.swarm().node.profile !== undefined) {
      await identified([result.peerId], context)
    }
    const peer = context.oneShot === undefined ? shownName(context.swarm(), result.peerId) : result.peerId
    const address = withoutPeerId(result.address)
    context.reply({
      tone: 'good',
      text: result.existing
        ? say`already connected to ${peer} over ${address}`
        : say`connected to ${peer} in ${formatMs(result.durationMs)} over ${address}${failedFirst(result.others)}`,
      data: { type: 'dial:succeeded', target: target.dial, ...result },
    })
  },
}
