import { formatMs, plural, shortPeerId } from '../format.ts'
import { type SafeText, safeText, say } from '../safe-text.ts'
import type { Tellers } from './telling.ts'

/** Peer routing and content discovery. */
export const routingTellers: Tellers<'routing' | 'query' | 'providing'> = {
  'routing:started': ({ protocol, mode }) => ['good', say`DHT ${protocol}, as a ${safeText(mode)}`],
  'routing:added': ({ peerId, bucket }) => [
    'dim',
    say`${shortPeerId(peerId)} is in the routing table, bucket ${bucket}`,
  ],
  'routing:removed': ({ peerId }) => ['dim', say`${shortPeerId(peerId)} left the routing table`],
  'routing:refreshed': ({ heard, buckets }) => [
    'dim',
    say`Routing table: ${plural(heard.length, say`peer`, say`peers`)} heard, ${plural(buckets.length, say`bucket`, say`buckets`)} refreshed`,
  ],
  'providing:updated': ({ cid, peers, cause }) => [
    cause === undefined ? 'good' : 'warn',
    cause !== undefined
      ? say`${shortPeerId(cid)} could not be provided: ${cause}. It will be tried again`
      : peers === undefined
        ? say`Providing ${shortPeerId(cid)}`
        : say`Providing ${shortPeerId(cid)}, said to ${plural(peers, say`peer`, say`peers`)}`,
  ],
  'providing:stopped': ({ cid }) => ['plain', say`No longer providing ${shortPeerId(cid)}`],
  'query:started': ({ query, subject }) => [
    'plain',
    say`${safeText(query)} ${shortSubject(subject)}: asking`,
  ],
  'query:progressed': ({ query, peerId, step, tookMs, closer, cause }) => [
    step === 'failed' ? 'warn' : 'dim',
    say`${safeText(query)}: ${shortPeerId(peerId)} ${STEPS[step]}${tookMs === undefined ? say`` : say` in ${formatMs(tookMs)}`}${closer === undefined ? say`` : say`, knows ${plural(closer, say`closer peer`, say`closer peers`)}`}${cause === undefined ? say`` : say`: ${cause}`}`,
  ],
  'query:found': ({ query, peerId, addresses, value }) => [
    'good',
    say`${safeText(query)} found ${value ?? (peerId === undefined ? say`something` : shortPeerId(peerId))}${addresses[0] === undefined ? say`` : say` at ${addresses[0]}`}`,
  ],
  'query:ended': ({ query, subject, outcome, asked, answered, found, durationMs, cause }) => [
    outcome === 'found' || outcome === 'done' ? 'good' : 'warn',
    say`${safeText(query)} ${shortSubject(subject)}: ${safeText(outcome)} after ${formatMs(durationMs)}, ${asked} asked, ${answered} answered, ${found} found${cause === undefined ? say`` : say`: ${cause}`}`,
  ],
}

const STEPS = { asked: say`asked`, answered: say`answered`, failed: say`did not answer` } as const

/** A Peer ID or a CID by its end; other keys whole. */
function shortSubject(subject: SafeText): SafeText {
  return /^\w{40,}$/.test(subject) ? shortPeerId(subject) : subject
}
