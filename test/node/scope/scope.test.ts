import { multiaddr } from '@multiformats/multiaddr'
import { describe, expect, it } from 'vitest'
import { type Scope, scopeOf, scopeOfIp, scopeOfName } from '../../../src/node/scope/scope.ts'
import { mayName, vantageOf } from '../../../src/node/scope/vantage.ts'

const HOSTS: Readonly<Record<Scope, readonly string[]>> = {
  machine: [
    '127.0.0.1',
    '127.255.255.254',
    '::1',
    '0:0:0:0:0:0:0:1',
    '::ffff:127.0.0.1',
    '::FFFF:7f00:1',
    '64:ff9b::127.0.0.1',
    '64:ff9b::7f00:1',
    '2002:7f00:1::',
    '2002:7f00:1::1234',
  ],
  link: [
    '169.254.1.1',
    'fe80::1',
    'fe80::1%eth0',
    'febf::1',
    '::ffff:169.254.0.1',
    '64:ff9b::a9fe:1',
    '2002:a9fe:1::',
  ],
  private: [
    '10.0.0.1',
    '100.64.0.1',
    '100.127.255.255',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.2',
    '198.18.0.1',
    'fc00::1',
    'fd12:3456::1',
    'fec0::1',
    '::ffff:10.0.0.1',
    '::ffff:c0a8:1',
    '64:ff9b::10.0.0.1',
    '64:ff9b:1::5',
    '2002:c0a8:101::1',
  ],
  public: [
    '1.1.1.1',
    '11.0.0.1',
    '100.63.255.255',
    '100.128.0.1',
    '172.32.0.1',
    '223.255.255.255',
    '2600::1',
    '2a00:1450::1',
    '2001:200::1',
    '::ffff:1.1.1.1',
    '64:ff9b::1.1.1.1',
    '2002:101:101::1',
  ],
  nowhere: [
    '0.0.0.0',
    '0.1.2.3',
    '192.0.0.1',
    '192.0.2.1',
    '192.88.99.1',
    '198.51.100.7',
    '203.0.113.9',
    '224.0.0.251',
    '239.255.255.250',
    '240.0.0.1',
    '255.255.255.255',
    '::',
    '::ffff:0.0.0.0',
    '::127.0.0.1',
    '64:ff9b::0.0.0.0',
    '100::1',
    '2001::1',
    '2001:0:4136:e378:8000:63bf:3fff:fdd2',
    '2001:db8::1',
    '3fff::1',
    '2002:e000:1::',
    'ff02::fb',
    'ff0e::1',
    '4000::1',
    '5f00::1',
    'no address',
    '',
  ],
}

describe('the scope of an IP address', () => {
  it.each(Object.entries(HOSTS).flatMap(([scope, hosts]) => hosts.map(host => [host, scope])))(
    '%s: %s',
    (host, scope) => expect(scopeOfIp(host)).toBe(scope),
  )
})

it.each([
  ['localhost', 'machine'],
  ['LOCALHOST.', 'machine'],
  ['db.localhost', 'machine'],
  ['printer', 'private'],
  ['printer.local', 'private'],
  ['nas.lan', 'private'],
  ['a.home.arpa', 'private'],
  ['db.internal.', 'private'],
  ['example.org', 'public'],
  ['local.example.org', 'public'],
  ['localhost.example.org', 'public'],
  // IP addresses to whoever looks them up.
  ['127.0.0.1', 'machine'],
  ['127.1', 'machine'],
  ['0x7f000001', 'machine'],
  ['2130706433', 'machine'],
  ['017700000001', 'machine'],
  ['\uFF11\uFF12\uFF17.0.0.1', 'machine'],
  ['someone@127.0.0.1', 'machine'],
  ['0', 'nowhere'],
  ['10.1', 'private'],
  ['11.0.0.1', 'public'],
  ['not a name', 'nowhere'],
  ['', 'nowhere'],
])('the scope of a name, %s: %s', (name, scope) => expect(scopeOfName(name)).toBe(scope))

const PEER = '12D3KooWEyoppNCUx8Yx66oV9fJnriXwCcXwDDUA2kj6vnc6iDEp'

it.each([
  ['/ip4/127.0.0.1/tcp/1', 'machine'],
  ['/ip6zone/eth0/ip6/fe80::1/tcp/1', 'link'],
  ['/unix/%2Ftmp%2Fsocket', 'machine'],
  ['/dns4/localhost/tcp/1/ws', 'machine'],
  ['/dnsaddr/example.org', 'public'],
  [`/ip4/10.0.0.1/udp/1/quic-v1/p2p/${PEER}/p2p-circuit/p2p/${PEER}`, 'private'],
  [`/p2p/${PEER}/p2p-circuit/p2p/${PEER}`, 'nowhere'],
])('%s leads to %s', (address, scope) => expect(scopeOf(multiaddr(address))).toBe(scope))

/** Where a peer is connected from, and which addresses it may have us dial. */
const NAMED = {
  loopback: '/ip4/127.0.0.1/tcp/1',
  mapped: '/ip6/::ffff:127.0.0.1/tcp/1',
  'by its TLS name': '/ip4/1.1.1.1/tcp/443/tls/sni/localhost/ws',
  socket: '/unix/%2Fsocket',
  link: '/ip6/fe80::1/tcp/1',
  private: '/ip4/192.168.1.2/tcp/1',
  'private by name': '/dns4/nas.local/tcp/1',
  'private relay': `/ip4/10.0.0.1/tcp/1/p2p/${PEER}/p2p-circuit/p2p/${PEER}`,
  'behind it': `/ip4/1.1.1.1/tcp/1/p2p/${PEER}/p2p-circuit/ip4/127.0.0.1/tcp/1/p2p/${PEER}`,
  public: '/ip4/1.1.1.1/tcp/1',
  'public by name': '/dns4/example.org/tcp/1',
  'public relay': `/ip4/1.1.1.1/tcp/1/p2p/${PEER}/p2p-circuit/p2p/${PEER}`,
  'a relay by its name': `/p2p/${PEER}/p2p-circuit/p2p/${PEER}`,
  wildcard: '/ip4/0.0.0.0/tcp/1',
  multicast: '/ip4/224.0.0.251/udp/5353/quic-v1',
}
const PUBLIC = ['public', 'public by name', 'public relay', 'a relay by its name']
const PRIVATE = ['private', 'private by name', 'private relay', ...PUBLIC]

it.each([
  ['/ip4/127.0.0.1/tcp/4001', ['loopback', 'mapped', 'by its TLS name', 'socket', 'behind it', ...PRIVATE]],
  ['/unix/%2Fsocket', ['loopback', 'mapped', 'by its TLS name', 'socket', 'behind it', ...PRIVATE]],
  ['/ip4/192.168.1.9/tcp/4001', PRIVATE],
  ['/ip4/100.64.3.4/tcp/4001', PRIVATE],
  ['/ip6/fd00::9/udp/4001/quic-v1', PRIVATE],
  ['/ip6/fe80::9/tcp/4001', PRIVATE],
  ['/ip4/1.2.3.4/tcp/4001', PUBLIC],
  ['/ip6/2600::9/tcp/4001', PUBLIC],
  [`/ip4/127.0.0.1/tcp/1/p2p/${PEER}/p2p-circuit/p2p/${PEER}`, PUBLIC],
])('a peer at %s may name %j', (remote, may) => {
  const vantage = vantageOf({ remoteAddr: multiaddr(remote) })
  const named = Object.entries(NAMED).filter(([, address]) => mayName(vantage, multiaddr(address)))
  expect(named.map(([name]) => name).sort()).toEqual([...may].sort())
})
