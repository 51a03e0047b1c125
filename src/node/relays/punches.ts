import { dcutr } from '@libp2p/dcutr'
import type { Connection, Stream } from '@libp2p/interface'
import { elapsedMs } from '../../core/clock.ts'
import { safeAddress, safeText, say } from '../../core/safe-text.ts'
import { explain } from '../errors/explain.ts'
import { seen } from '../errors/seen.ts'
import { type LateService, startLate } from './late-service.ts'
import type { RelayContext } from './relays.ts'

/** The line in which libp2p tells why one of its attempts failed; the attempts as a whole never fail. */
const ATTEMPT_FAILED_LINE = 'error while attempting DCUtR on attempt %d of %d - %e'
const NO_PUBLIC_ADDRESS = /no (dialable )?multiaddrs/

/** What is used of libp2p's DCUtR service: the side that was dialed over the relay begins, the other answers. */
interface Dcutr {
  upgradeInbound(relayed: Connection): Promise<void>
  handleIncomingUpgrade(stream: Stream, relayed: Connection): Promise<void>
}

/**
 * Hole punching (https://github.com/libp2p/specs/blob/master/relay/DCUtR.md): tries to make relayed connections direct,
 * and says how that goes. libp2p has no events for it, so its two entrances are watched.
 */
export function startPunching(context: RelayContext): Promise<LateService<unknown>> {
  let lastError: unknown
  context.logTap.on(ATTEMPT_FAILED_LINE, ([, , error]) => {
    lastError = error
  })
  return startLate<Dcutr>(context.libp2p, dcutr(), service => {
    const begin = service.upgradeInbound.bind(service)
    const answer = service.handleIncomingUpgrade.bind(service)
    service.upgradeInbound = relayed =>
      watched(relayed, context, async () => {
        lastError = undefined
        await begin(relayed)
        return lastError
      })
    service.handleIncomingUpgrade = (stream, relayed) =>
      watched(relayed, context, async () => {
        await answer(stream, relayed)
      })
  })
}

/** Runs one punch and says what came of it. `punch` rejects or resolves with its error when it failed. */
async function watched(
  relayed: Connection,
  { libp2p, clock, emit }: RelayContext,
  punch: () => Promise<unknown>,
): Promise<void> {
  const peerId = safeText(relayed.remotePeer.toString())
  const since = clock.monotonic()
  emit({ type: 'punch:started', peerId })
  const error = await punch().catch((reason: unknown) => reason)
  const durationMs = elapsedMs(clock, since)
  const direct = libp2p.getConnections(relayed.remotePeer).find(({ direct }) => direct)
  if (direct !== undefined) {
    emit({ type: 'punch:succeeded', peerId, address: safeAddress(direct.remoteAddr), durationMs })
    return
  }
  emit({ type: 'punch:failed', peerId, ...why(error), durationMs })
}

function why(error: unknown) {
  if (NO_PUBLIC_ADDRESS.test(seen(error).message)) {
    return {
      cause: say`the other side told no public address that is confirmed to be its own`,
      hint: say`Private addresses are never tried. Where a router can forward a port, dial that address instead`,
    }
  }
  const cause = error === undefined ? say`no attempt got through` : explain(error, { stage: 'connect' }).cause
  return {
    cause,
    hint: say`A router may give each connection another port. Forward a port on one side, and dial that`,
  }
}
