import type { NetworkInterfaceInfo } from 'node:os'
import { describe, expect, it } from 'vitest'
import { announceableAt } from '../../../src/node/mdns/addresses.ts'
import {
  isNeighbour,
  mayArriveAt,
  type NetworkInterfaces,
  placesOf,
} from '../../../src/node/mdns/interfaces.ts'
import { ANN } from '../../support/mdns-peers.ts'

const ipv4 = (cidr: string, internal = false): NetworkInterfaceInfo => ({
  address: cidr.split('/')[0]!,
  cidr,
  netmask: '',
  mac: '',
  internal,
  family: 'IPv4',
})
const ipv6 = (cidr: string, scopeid = 0, internal = false): NetworkInterfaceInfo => ({
  address: cidr.split('/')[0]!,
  cidr,
  netmask: '',
  mac: '',
  internal,
  family: 'IPv6',
  scopeid,
})

const laptop: NetworkInterfaces = {
  lo: [ipv4('127.0.0.1/8', true), ipv6('::1/128', 0, true)],
  wlan0: [ipv4('192.168.1.2/24'), ipv6('fe80::1/64', 3), ipv6('2001:db8::1/64')],
  docker0: [ipv4('172.17.0.1/16')],
}
const places = placesOf(laptop)
const placeOf = (name: string, family = 'IPv4') =>
  places.find(place => place.name === name && place.family === family)!

describe('places', () => {
  it('are each family of each interface, loopback last and with IPv4 only', () => {
    expect(places.map(({ name, family }) => `${name} ${family}`)).toEqual([
      'wlan0 IPv4',
      'wlan0 IPv6',
      'docker0 IPv4',
      'lo IPv4',
    ])
    expect(placeOf('wlan0', 'IPv6')).toMatchObject({
      group: 'ff02::fb%wlan0',
      multicastInterface: '::%wlan0',
    })
  })

  it('tell by its source where a datagram came in', () => {
    const at = (source: string) =>
      places
        .filter(place => mayArriveAt(place, source, places))
        .map(({ name, family }) => `${name} ${family}`)
    expect(at('192.168.1.77')).toEqual(['wlan0 IPv4'])
    expect(at('172.17.0.9')).toEqual(['docker0 IPv4'])
    expect(at('127.0.0.1')).toEqual(['lo IPv4'])
    expect(at('fe80::9%wlan0')).toEqual(['wlan0 IPv6'])
    expect(at('10.9.9.9')).toHaveLength(4)
    expect(isNeighbour(placeOf('wlan0'), '10.9.9.9')).toBe(false)
  })
})

describe('what is announced', () => {
  const tcp = (host: string, tail = '') =>
    `/ip${host.includes(':') ? 6 : 4}/${host}/tcp/4001${tail}/p2p/${ANN}`
  const own = ['127.0.0.1', '192.168.1.2', '172.17.0.1', '::1', '2001:db8::1'].map(host => tcp(host))
  const at = (name: string, addresses: string[]) =>
    announceableAt(placeOf(name), addresses, places)?.addresses

  it('on an interface is what can be reached through it, never loopback', () => {
    expect(at('wlan0', own)).toEqual([tcp('192.168.1.2'), tcp('2001:db8::1')])
    expect(at('docker0', own)).toEqual([tcp('172.17.0.1')])
    expect(at('wlan0', [tcp('127.0.0.1')])).toBeUndefined()
  })

  it('on loopback is everything, loopback first', () => {
    expect(at('lo', own)?.slice(0, 2)).toEqual([tcp('127.0.0.1'), tcp('::1')])
    expect(at('lo', own)).toHaveLength(own.length)
  })

  it('includes what belongs to no interface; what belongs to another one only if there is nothing else', () => {
    expect(at('wlan0', [tcp('192.168.1.2'), tcp('9.9.9.9')])).toEqual([tcp('192.168.1.2'), tcp('9.9.9.9')])
    expect(at('docker0', [tcp('192.168.1.2')])).toEqual([tcp('192.168.1.2')])
  })

  it('leaves out relays, WebSockets and what nobody can dial', () => {
    const useless = [
      tcp('192.168.1.2', '/ws'),
      `/ip4/192.168.1.2/tcp/4001/p2p/${ANN}/p2p-circuit/p2p/${ANN}`,
      `/ip4/192.168.1.2/udp/4001/webrtc-direct/p2p/${ANN}`,
      '/ip4/192.168.1.2/tcp/4001',
      tcp('0.0.0.0'),
      tcp('fe80::1'),
      `/ip4/192.168.1.2/tcp/0/p2p/${ANN}`,
      `/dns4/${'long.'.repeat(50)}local/tcp/1/p2p/${ANN}`,
      'no multiaddr',
    ]
    expect(at('wlan0', useless)).toBeUndefined()
  })

  it('names a TCP port, or else a UDP port', () => {
    const quic = `/ip4/192.168.1.2/udp/5001/quic-v1/p2p/${ANN}`
    expect(announceableAt(placeOf('wlan0'), [quic, tcp('192.168.1.2')], places)).toEqual({
      port: 4001,
      addresses: [tcp('192.168.1.2'), quic],
    })
    expect(announceableAt(placeOf('wlan0'), [quic], places)?.port).toBe(5001)
  })
})
