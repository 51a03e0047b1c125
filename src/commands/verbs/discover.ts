import { plural } from '../../core/format.ts'
import { joinSafe, type SafeText, say } from '../../core/safe-text.ts'
import type { Command } from '../command.ts'
import { failed } from '../fail.ts'
import { watchSwarm } from '../wait.ts'

const DEFAULT_SECONDS = 5

/** Lists who is heard over mDNS. Fails at stage `exchange` when nobody was heard in time. */
export const discover: Command = {
  verb: 'discover',
  summary: 'shows who is heard on the local network',
  details: `Listens for ${DEFAULT_SECONDS} seconds, unless told how long. Fails when nobody was heard.`,
  params: [],
  flags: [
    { name: 'timeout', short: 't', kind: 'seconds', summary: `seconds to listen (${DEFAULT_SECONDS})` },
  ],
  examples: ['discover', 'discover --timeout 20'],
  where: 'oneShot',
  needs: ['hearing'],
  answers: ['peer:discovered', 'discover:finished'],
  async run(args, context) {
    const seconds = Number(args.timeout ?? DEFAULT_SECONDS)
    const told = new Map<SafeText, string>()
    let silence: { cause: SafeText; hint: SafeText } | undefined
    await watchSwarm(context, seconds * 1000, swarm => {
      silence = swarm.warnings.get('mdns')
      for (const { peerId, sightings } of swarm.peers.values()) {
        const addresses = sightings.find(({ source }) => source === 'mdns')?.addresses ?? []
        // The same peer again only when it says something new.
        const news = addresses.join(' ')
        if (news === '' || told.get(peerId) === news) continue
        told.set(peerId, news)
        context.reply({
          tone: 'good',
          text: say`${peerId} ${joinSafe(addresses, ' ')}`,
          data: { type: 'peer:discovered', peerId, addresses: [...addresses], source: 'mdns' },
        })
      }
      return undefined
    })
    if (context.signal.aborted) return
    if (told.size > 0) {
      context.reply({
        tone: 'plain',
        text: say`${plural(told.size, say`peer`, say`peers`)} heard in ${seconds} s`,
        data: { type: 'discover:finished', peers: told.size, seconds },
      })
      return
    }
    throw failed(
      'exchange',
      silence?.cause ?? say`Nobody was heard in ${seconds} s`,
      silence?.hint ?? say`Check that another node runs on this network, or listen longer: --timeout 30`,
    )
  },
}
