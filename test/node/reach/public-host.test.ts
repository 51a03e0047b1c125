import { removePrivateAddressesMapper } from '@libp2p/kad-dht'
import { peerIdFromString } from '@libp2p/peer-id'
import { multiaddr } from '@multiformats/multiaddr'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { ipPlace, isPublicIp } from '../../../src/node/reach/public-host.ts'
import { ANN } from '../../support/mdns-peers.ts'

it.each(['8.8.8.8', '11.0.0.1', '172.15.0.1', '172.32.0.1', '2600::1'])('%s is public', host => {
  expect(isPublicIp(host)).toBe(true)
})

it.each([
  '10.1.1.1',
  '100.64.0.1',
  '127.0.0.1',
  '169.254.1.1',
  '192.168.0.1',
  '224.0.0.251',
  '255.255.255.255',
])('%s is not public', host => expect(isPublicIp(host)).toBe(false))

it.each(['::1', '::', 'fe80::1', 'fd00::1', 'ff02::1', '2001:db8::1', '', 'example.org', '1.2.3'])(
  '%s is not public either',
  host => expect(isPublicIp(host)).toBe(false),
)

it('what is public here libp2p does not take for private', () => {
  const id = peerIdFromString(ANN)
  fc.assert(
    fc.property(fc.ipV4(), host => {
      const info = { id, multiaddrs: [multiaddr(`/ip4/${host}/tcp/1`)] }
      return !isPublicIp(host) || removePrivateAddressesMapper(info).multiaddrs.length === 1
    }),
    { numRuns: 2000 },
  )
})

it('takes an address apart', () => {
  expect(ipPlace('/ip4/1.2.3.4/tcp/1/ws/p2p/x')).toEqual({
    family: 'ip4',
    host: '1.2.3.4',
    rest: '/tcp/1/ws',
  })
  expect(ipPlace('/dns4/x/tcp/1')).toBeUndefined()
})
