/** Why a router forwards nothing, and what an operator can do about it. */
import { type Failure, RequestFailed } from '../../../core/failure.ts'
import { type SafeText, safeMessage, safeText, say } from '../../../core/safe-text.ts'
import { OtherMapping } from './gateway.ts'
import { GatewayRefusal } from './soap.ts'

const BY_HAND = say`Turn UPnP on in the router's settings, or forward a port there by hand and use --announce`

/** Nobody answered the search. */
export const noGateway: Failure = {
  stage: 'connect',
  cause: say`No router that forwards ports (UPnP) answered on the local network`,
  hint: BY_HAND,
}

/** There is a device, but without the service. */
export const noPortService: Failure = {
  stage: 'protocol',
  cause: say`The router answered, but offers no forwarding of ports`,
  hint: BY_HAND,
}

/** There is nothing to forward. */
export const nothingToForward: Failure = {
  stage: 'start',
  cause: say`There is no port to forward: this node does not listen at an address of the router's network`,
  hint: say`Listen on all addresses, e.g. --listen /ip4/0.0.0.0/tcp/4001`,
}

/** Loopback, this network, link-local, multicast and what is reserved. */
const NOBODYS = /^(0|127|22[4-9]|2[3-5]\d)\.|^169\.254\./

/** The router is not on the Internet itself. */
export function doubleNat(outerHost: SafeText): Failure {
  if (NOBODYS.test(outerHost)) {
    return {
      stage: 'protocol',
      cause: say`The router says that its address outside is ${outerHost}, which can be no router's`,
      hint: BY_HAND,
    }
  }
  if (outerHost === '') {
    return {
      stage: 'connect',
      cause: say`The router has no address outside: it is not connected, or does not tell`,
      hint: say`Check its connection; it is asked again every few minutes`,
    }
  }
  return {
    stage: 'connect',
    cause: say`The router is behind another NAT: its own outer address ${outerHost} is a private one`,
    hint: say`Forward a port at the outer router too, ask the provider for a public address, or use a relay (--relay)`,
  }
}

/** By the codes of UPnP. */
const REFUSALS: Readonly<Record<number, readonly [cause: SafeText, hint: SafeText]>> = {
  401: [say`The router does not know how to forward ports`, BY_HAND],
  606: [
    say`The router does not allow this machine to forward ports`,
    say`Allow UPnP for it in the router's settings`,
  ],
  718: [
    say`The ports are taken by other machines`,
    say`Listen on another port, or remove old forwardings in the router's settings`,
  ],
  728: [say`The router has no room for more forwardings`, say`Remove old ones in the router's settings`],
}

/** What an error of a router means. */
export function upnpFailure(error: unknown): Failure {
  if (error instanceof RequestFailed) return error.failure
  if (error instanceof GatewayRefusal) {
    const [cause, hint] = REFUSALS[error.code] ?? [
      say`The router refused (${safeText(`${error.code} ${error.message}`.trim())})`,
      BY_HAND,
    ]
    return { stage: 'protocol', cause, hint }
  }
  if (error instanceof OtherMapping) {
    const { outerPort, leadsTo } = error
    return {
      stage: 'protocol',
      cause:
        leadsTo === undefined
          ? say`The router says that it forwards port ${outerPort}, but lists no such forwarding`
          : say`The router says that it forwards port ${outerPort} to this node, but lists ${safeText(leadsTo)}`,
      hint: BY_HAND,
    }
  }
  if (error instanceof Error && error.name === 'TimeoutError') {
    return {
      stage: 'exchange',
      cause: say`The router did not answer in time`,
      hint: say`It is asked again in a while`,
    }
  }
  const reason = error instanceof Error && error.cause !== undefined ? error.cause : error
  return {
    stage: 'exchange',
    cause: say`The router could not be asked: ${safeMessage(reason)}`,
    hint: say`It is asked again in a while`,
  }
}
