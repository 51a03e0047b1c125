/** How a dial will go, decided before it starts: by whom it is for and where that is said to be. */
import type { Failure, Stage } from '../../core/failure.ts'
import { type SafeText, safeText, say } from '../../core/safe-text.ts'
import { isNear, listensAt, OWN_HOST, OWN_PORT, tcp, withPeerId } from './addresses.ts'
import type { FakePeer } from './cast.ts'
import type { FakeNetwork } from './network.ts'
import type { FakeTarget } from './target.ts'

/** How a dial will go, decided before it starts. Times are in ms after the start. */
export interface DialPlan {
  /** The stages on the way and when each begins, in ms after the start. */
  stages: readonly { stage: Stage; afterMs: number }[]
  endAfterMs: number
  peer?: FakePeer
  /** The address that answers, or the one that failed. */
  address?: SafeText
  /** Absent: the dial succeeds with `peer`. */
  failure?: Failure
}

/** Nobody waits longer for an address that does not answer. */
const NO_ANSWER_MS = 6000
const LOCAL_MS = 1
const DNS_MS = 40

/** How a dial to this target goes: which stages it passes, when, and to whom or to what failure it comes. */
export function planDial(target: FakeTarget, network: FakeNetwork): DialPlan {
  const { address, peerId } = target
  const named = peerId === undefined ? undefined : network.peer(peerId)
  if (peerId === network.self) return atOnce(ITSELF)
  if (address === undefined) return named === undefined ? atOnce(NO_ADDRESS) : toPeer(named)
  const { kind, host, port } = address
  if (port === undefined) return atOnce(NO_TRANSPORT)
  if (kind.startsWith('dns')) {
    const failure: Failure = {
      stage: 'resolve',
      cause: say`No such name: ${safeText(host)}`,
      hint: say`Check the spelling, or dial the IP address`,
    }
    return { stages: until('resolve', LOCAL_MS), endAfterMs: DNS_MS, failure }
  }
  if (host === OWN_HOST && port === OWN_PORT) return atOnce(ITSELF)
  const there = network.peerAt(host, port)
  const plan = there === undefined ? toNobody(host, port) : toPeer(there, peerId)
  return {
    ...plan,
    address: plan.address ?? tcp(host, port),
    ...(named === undefined ? {} : { peer: named }),
  }
}

/** A peer at an address where it listens, perhaps not the one that was meant. */
function toPeer(peer: FakePeer, expected: SafeText = peer.peerId): DialPlan {
  const address = withPeerId(listensAt(peer), peer.peerId)
  if (!peer.online) return { ...silence(listensAt(peer)), peer, address }
  if (peer.peerId !== expected) {
    const failure: Failure = {
      stage: 'encrypt',
      cause: say`Another peer answers there: ${peer.peerId} instead of ${expected}`,
      hint: say`The address may be out of date. If the other peer is the one you want, dial it by its own Peer ID`,
    }
    return { stages: until('encrypt', peer.rttMs), endAfterMs: peer.rttMs * 3, address, failure }
  }
  const plan = { stages: until('established', peer.rttMs), endAfterMs: peer.rttMs * 4, peer, address }
  return peer.role === 'refuser' ? { ...plan, failure: CUT } : plan
}

function toNobody(host: string, port: number): DialPlan {
  const address = tcp(host, port)
  if (port === 80 || port === 443) {
    return { stages: until('encrypt', LOCAL_MS), endAfterMs: LOCAL_MS * 3, address, failure: NOT_LIBP2P }
  }
  if (!isNear(host) && port !== 1) return silence(address)
  const failure: Failure = {
    stage: 'connect',
    cause: say`Nothing listens at ${address}: the connection was refused`,
    hint: say`Check the port, and that the other side is running`,
  }
  return { stages: until('connect', LOCAL_MS), endAfterMs: LOCAL_MS * 2, address, failure }
}

function silence(address: SafeText): DialPlan {
  const failure: Failure = {
    stage: 'connect',
    cause: say`No answer at ${address}`,
    hint: say`Check that the other side runs and that no firewall drops the packets`,
  }
  return { stages: until('connect', LOCAL_MS), endAfterMs: NO_ANSWER_MS, address, failure }
}

function atOnce(failure: Failure): DialPlan {
  return { stages: [], endAfterMs: 0, failure }
}

/** The way to a stage, the last one included: what is done here takes no time to speak of, the rest a round trip. */
function until(last: Stage, rttMs: number): DialPlan['stages'] {
  const stages: DialPlan['stages'] = [
    { stage: 'queue', afterMs: 0.05 },
    { stage: 'resolve', afterMs: 0.2 },
    { stage: 'connect', afterMs: 0.4 },
    { stage: 'encrypt', afterMs: 0.4 + rttMs },
    { stage: 'multiplex', afterMs: 0.4 + rttMs * 2.5 },
    { stage: 'established', afterMs: 0.4 + rttMs * 3 },
  ]
  return stages.slice(0, stages.findIndex(({ stage }) => stage === last) + 1)
}

const ITSELF: Failure = {
  stage: 'target',
  cause: say`That is this node itself`,
  hint: say`Dial another peer`,
}
const NO_ADDRESS: Failure = {
  stage: 'resolve',
  cause: say`No address of this peer is known`,
  hint: say`Give an address with the Peer ID at its end: /ip4/.../tcp/.../p2p/...`,
}
const NO_TRANSPORT: Failure = {
  stage: 'resolve',
  cause: say`No transport for this kind of address: only TCP can be dialed`,
  hint: say`Give an address with /tcp/`,
}
const NOT_LIBP2P: Failure = {
  stage: 'encrypt',
  cause: say`What answers there does not speak libp2p, or turns us away`,
  hint: say`Check that libp2p listens on that port, and not another service`,
}
const CUT: Failure = {
  stage: 'established',
  cause: say`The other side cut the connection at once`,
  hint: say`It may not allow this peer, or be full`,
}
