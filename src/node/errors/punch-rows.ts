/** Why no hole could be punched: see relays/punch/punch-error.ts. */
import { byName, type Row, type Saying, words } from './row.ts'

const FORWARD = 'Forward a port on the router of one side (--upnp, or by hand with --announce), and dial that'
const FORWARD_OURS =
  'No hole can be punched through it. Forward a port on it (--upnp, or by hand with --announce) and have the other side dial that'

/** By the code of a PunchError. */
const SAYINGS: Readonly<Record<string, () => Saying>> = {
  mute: words('protocol', 'The other side does not punch holes: it does not speak DCUtR', FORWARD),
  'not-tried': words(
    'protocol',
    'The other side, which is to begin, has not tried to punch a hole: mostly it knows no public address of its own',
    FORWARD,
  ),
  garbled: words(
    'protocol',
    'The other side broke the rules of DCUtR',
    'Report it to whoever made that program',
  ),
  'ours-unknown': words(
    'target',
    'No public address of this node is known: no peer outside has told where it sees us',
    'Reserve at a relay with a public address; private addresses are never tried',
  ),
  'theirs-unknown': words(
    'target',
    'The other side named no public address',
    'Private addresses are never tried. Where a router can forward a port, dial that address instead',
  ),
  'no-answer': words(
    'connect',
    'Nothing came through: a firewall drops what comes, or the router of the other side gives each connection another port (symmetric NAT)',
    FORWARD,
  ),
  'port-changed': words(
    'connect',
    'Nothing came through: our router shows another port than we dial from, probably another to each peer (symmetric NAT)',
    FORWARD_OURS,
  ),
  'ports-vary': words(
    'connect',
    'Nothing came through: our router shows another port to each peer (symmetric NAT)',
    FORWARD_OURS,
  ),
  refused: words(
    'connect',
    'The router or firewall of the other side refused: what we sent was there before what it sent to us',
    FORWARD,
  ),
  'relay-ended': words(
    'connect',
    'The relayed connection ended before there was a direct one',
    'Dial the peer again',
  ),
}

/** Rows of the error table for hole punching. */
export const punchRows: readonly Row[] = [
  byName(['PunchError'], undefined, ({ code }) => SAYINGS[code]?.() as Saying),
]
