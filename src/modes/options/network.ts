/** Where the node listens, and the local network. */
import { DAY, type OptionSpec } from './option.ts'

/** Options about where the node listens, and the local network. */
export const NETWORK_OPTIONS: readonly OptionSpec[] = [
  {
    key: 'listen',
    flag: 'listen',
    kind: 'texts',
    value: '<multiaddr>',
    summary: 'where to listen; may be repeated (every IPv4 and IPv6 address, any port)',
  },
  {
    key: 'mdns',
    flag: 'no-mdns',
    kind: 'off',
    summary: 'neither listen for peers nor announce on the local network',
  },
  {
    key: 'mdnsTtl',
    flag: 'mdns-ttl',
    kind: 'seconds',
    value: '<s>',
    summary: 'a peer not heard for so many seconds has expired (30)',
    range: { least: 1, most: DAY },
  },
  { key: 'autoDial', flag: 'auto-dial', kind: 'on', summary: 'dial peers as they are discovered' },
  {
    key: 'pingInterval',
    flag: 'ping-interval',
    kind: 'seconds',
    value: '<s>',
    summary: 'how often each connected peer is pinged, in seconds; 0: never (60)',
    range: { least: 1, most: DAY, orZero: true },
  },
]
