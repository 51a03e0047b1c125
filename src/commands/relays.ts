import { formatTime } from '../core/format.ts'
import { joinSafe, type SafeText, safeText, say } from '../core/safe-text.ts'
import type { OwnAddress, Reservation } from '../core/swarm.ts'
import { reachabilityOf } from '../store/selectors/reachability.ts'
import type { Command, Reply } from './command.ts'

/** Lists reservations and this node's addresses, and says whether others can reach it; on the screen it shows its view. */
export const relays: Command = {
  verb: 'relays',
  aliases: ['reachability'],
  summary: 'lists reservations at relays and own addresses, and whether others can reach this node',
  details: 'On the screen it goes to their view.',
  params: [],
  examples: ['relays'],
  where: 'node',
  async run(_, { swarm, reply, screen }) {
    const state = swarm()
    if (screen !== undefined) screen.dispatch({ type: 'view', view: 'relays' })
    else {
      for (const own of state.ownAddresses.values()) reply(addressLine(own))
      for (const held of state.relays.values()) reply(reservationLine('held', say`held at`, held))
      for (const granted of state.granted.values()) {
        reply(reservationLine('granted', say`granted to`, granted))
      }
    }
    const { verdict, text, reasons } = reachabilityOf(state)
    reply({
      tone: verdict === 'unreachable' ? 'warn' : 'plain',
      text: say`${text}: ${joinSafe(reasons, ', ')}`,
      data: {
        type: 'reachability',
        verdict,
        reasons,
        relays: state.relays.size,
        granted: state.granted.size,
        addresses: state.ownAddresses.size,
      },
    })
  },
}

function addressLine(own: OwnAddress): Reply {
  const { address, how, reachable } = own
  const checked = reachable === undefined ? say`not tried` : reachable ? say`reachable` : say`closed`
  return {
    tone: 'plain',
    text: say`address ${address} ${safeText(how)} ${checked}`,
    data: { type: 'address', ...own },
  }
}

function reservationLine(kind: 'held' | 'granted', words: SafeText, reservation: Reservation): Reply {
  return {
    tone: 'plain',
    text: say`reservation ${words} ${reservation.peerId} until ${formatTime(reservation.expiresAt)}`,
    data: { type: 'reservation', kind, ...reservation },
  }
}
