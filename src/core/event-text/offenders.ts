/** Who exceeds limits, in the few words that a warning has, and what to do about it. Pure. */
import type { Payload } from '../events.ts'
import { formatCount, formatTime, plural, shortPeerId } from '../format.ts'
import { type AnyLimit, type ExcessAction, limitName } from '../limit-terms.ts'
import { type SafeText, say } from '../safe-text.ts'

type Offender = Payload<'limits:offenders'>['offenders'][number]

type Named = { readonly [F in 'host' | 'peerId' | 'connectionId']?: SafeText | undefined }

/** What one host does to limits, or one peer where there is no host: the worst first. */
export type Offences = readonly [Offender, ...Offender[]]

/** A warning of offenders. */
export interface OffenderWarning {
  cause: SafeText
  hint: SafeText
  /** The same as long as it is the same one, who does the same, and there is the same to do about it. */
  key: string
}

/** So many of one offender are worth a warning; one closed connection is. */
const WORTH_A_WARNING = 10

/** Who it is that limits count: the host where there is one, as peers and connections are free to make. */
export function offenderKey({ host, peerId, connectionId }: Named): string {
  return host ?? peerId ?? connectionId ?? ''
}

/** Offenders by who they are, in their order. */
export function offencesOf(offenders: readonly Offender[]): Offences[] {
  const groups = new Map<string, [Offender, ...Offender[]]>()
  for (const offender of offenders) {
    const key = offenderKey(offender)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [offender])
    else group.push(offender)
  }
  return [...groups.values()]
}

/** The warning of the first offender that is worth one; undefined: none is. */
export function offenderWarning(offenders: readonly Offender[]): OffenderWarning | undefined {
  const [worst, ...others] = offencesOf(
    offenders.filter(({ action, count }) => action === 'closed' || count >= WORTH_A_WARNING),
  )
  if (worst === undefined) return undefined
  const more = others.length === 0 ? say`` : say`; and ${plural(others.length, say`other`, say`others`)}`
  const hint = offenderHint(worst)
  return {
    cause: say`${offenderBrief(worst)}${more}`,
    hint,
    key: `${offenderKey(worst[0])} ${worst[0].action} ${hint}`,
  }
}

/** Who it is, as briefly as that can be said. */
export function offenderName({ host, peerId, connectionId }: Offender): SafeText {
  if (peerId !== undefined)
    return host === undefined ? shortPeerId(peerId) : say`${shortPeerId(peerId)} at ${host}`
  return host ?? connectionId ?? say`several hosts`
}

/** Who does what, e.g. `192.0.2.7: 80/s refused, too many handshakes (host-pending)`. */
export function offenderBrief(offences: Offences): SafeText {
  const [worst, ...others] = offences
  const why = say`${WHY[worst.limit]} (${limitName(worst.limit)})`
  if (worst.action === 'closed') {
    const often = worst.count === 1 ? say`closed` : say`closed ${formatCount(worst.count)} times`
    const retries = sumOf(
      others.filter(({ limit }) => limit === 'coolDown'),
      'count',
    )
    const again =
      retries === 0
        ? say``
        : say`; ${formatCount(retries)} ${retries === 1 ? say`retry` : say`retries`} refused`
    return say`${offenderName(worst)}: ${often}, ${why}${again}`
  }
  const alike = offences.filter(({ action }) => action === worst.action)
  const rate = sumOf(
    alike.filter(({ quiet }) => quiet !== true),
    'perSecond',
  )
  const often = rate === 0 ? formatCount(sumOf(alike, 'count')) : say`${formatCount(rate)}/s`
  return say`${offenderName(worst)}: ${often} ${DONE[worst.action]}, ${why}`
}

/** What to do about it, the most useful first: a narrow screen shows no more than that. */
export function offenderHint(offences: Offences): SafeText {
  const [{ limit, action, host, peerId, connected }] = offences
  const hangUp = connected === true && peerId !== undefined ? say`hangup ${shortPeerId(peerId)}` : undefined
  const block = host === undefined ? undefined : say`block ${host} in your firewall`
  const back = offences.find(({ comesBackAt }) => comesBackAt !== undefined)?.comesBackAt
  if (back !== undefined) {
    const until = say`${hangUp === undefined ? say`` : say`${hangUp}; `}refused until ${formatTime(back)}`
    return block === undefined ? until : say`${until}; ${block} if it keeps on`
  }
  if (action === 'closed' && hangUp === undefined) {
    return block === undefined ? say`nothing to do: it is gone` : say`${block} if it comes back`
  }
  switch (limit) {
    case 'perHost':
    case 'hostRate':
    case 'hostPending':
    case 'handshake':
      return block === undefined ? LOOK : say`${block} if you don't know it; others get in`
    case 'pending':
      return say`${LOOK}; block that host in your firewall`
    case 'connections':
      return say`${LOOK}; hangup makes room`
    case 'descriptors':
      return say`hangup makes room; for more, raise ulimit -n and restart`
    case 'dialsToHost':
      return say`nothing to do: dials to it wait for their turn`
    case 'mdnsBytes':
    case 'mdnsPeers':
      return say`${block ?? say`block it in your firewall`}, or restart with --no-mdns`
    default:
      if (hangUp !== undefined)
        return block === undefined ? hangUp : say`${hangUp}; if it comes back, ${block}`
      return block === undefined ? LOOK : say`${block} if you don't know it; others get in`
  }
}

const LOOK = say`limits shows who has most`

function sumOf(offenders: readonly Offender[], figure: 'count' | 'perSecond'): number {
  return offenders.reduce((sum, offender) => sum + offender[figure], 0)
}

/** What was done, of several. */
const DONE = {
  refused: say`refused`,
  dropped: say`dropped`,
  delayed: say`delayed`,
  closed: say`closed`,
} satisfies Record<ExcessAction, SafeText>

const STREAMS = say`too many streams`
const WAITING = say`too much data waits`

/** Why, in the fewest words. */
const WHY: { readonly [L in AnyLimit]: SafeText } = {
  connections: say`no places left`,
  perHost: say`too many connections`,
  hostRate: say`connects too fast`,
  pending: say`too many handshakes in all`,
  dials: say`too many dials`,
  streams: STREAMS,
  negotiation: say`not libp2p`,
  message: say`bad messages`,
  frames: say`too much work`,
  replies: say`answers left unread`,
  referrals: say`addresses of no use`,
  referredDials: say`too many addresses`,
  dialsToHost: say`too many dials to it`,
  dialBacks: say`too many dials back`,
  reservations: say`too many reservations`,
  circuits: say`too many relayed connections`,
  relayRequests: say`too many requests`,
  requests: say`too many requests`,
  pings: say`too many pings`,
  bytes: say`too many bytes`,
  serving: STREAMS,
  answering: say`requests took too long`,
  punches: say`too many hole punches`,
  mdnsBytes: say`too much mDNS`,
  mdnsPeers: say`too many peers over mDNS`,
  hostPending: say`too many handshakes`,
  handshake: say`failed handshakes`,
  descriptors: say`no descriptors left`,
  coolDown: say`came back too early`,
  hostStreams: STREAMS,
  buffered: WAITING,
  allBuffered: WAITING,
}
