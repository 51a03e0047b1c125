import { expect, it } from 'vitest'
import type { SafeText } from '../../../src/core/safe-text.ts'
import { derive, type Facts, type Sighting } from '../../../src/node/reach/derive.ts'
import { type IpPlace, publicPlace } from '../../../src/node/reach/public-host.ts'

const seen = (peerId: string, address: string, direction: Sighting['direction'] = 'outbound'): Sighting => ({
  peerId: peerId as SafeText,
  place: publicPlace(address) as IpPlace,
  direction,
})

function addresses(facts: Partial<Facts>): string[] {
  const whole = { announced: [], listening: [], mapped: [], sightings: [], ...facts }
  return [...derive(whole)].map(([address, { how, peers }]) => [how, address, ...peers].join(' '))
}

it('public addresses that we listen on are ours, and no others', () => {
  const listening = [
    '/ip4/127.0.0.1/tcp/1',
    '/ip4/192.168.1.2/tcp/1',
    '/ip4/11.0.0.1/tcp/1/p2p/me',
    '/ip6/fe80::1/tcp/1',
    '/ip6/2600::1/udp/2/quic-v1/p2p/me',
    '/ip4/11.0.0.9/tcp/1/p2p/relay/p2p-circuit',
    '/unix/%2ftmp%2fx',
  ]
  expect(addresses({ listening })).toEqual([
    'listening /ip4/11.0.0.1/tcp/1',
    'listening /ip6/2600::1/udp/2/quic-v1',
  ])
})

it('a peer that dialed us names the address; one that we dialed only the host', () => {
  const listening = ['/ip4/10.0.0.2/tcp/4001', '/ip4/10.0.0.2/tcp/4002/ws', '/ip6/fd00::2/tcp/4001']
  expect(
    addresses({ listening, sightings: [seen('ann', '/ip4/11.0.0.1/tcp/7777/p2p/me', 'inbound')] }),
  ).toEqual(['observed /ip4/11.0.0.1/tcp/7777 ann'])
  const sightings = [seen('ann', '/ip4/11.0.0.1/tcp/50123'), seen('ben', '/ip4/11.0.0.1/udp/50124/quic-v1')]
  expect(addresses({ listening, sightings })).toEqual([
    'guessed /ip4/11.0.0.1/tcp/4001 ann ben',
    'guessed /ip4/11.0.0.1/tcp/4002/ws ann ben',
  ])
})

it('no port is guessed at which this machine alone, or another host of it, is listened on', () => {
  const listening = ['/ip4/127.0.0.1/tcp/1', '/ip4/11.0.0.9/tcp/2', '/ip6/::1/tcp/3', '/ip6/fe80::1/tcp/4']
  const sightings = [seen('ann', '/ip4/11.0.0.1/tcp/50123'), seen('ben', '/ip6/2600::1/tcp/50123')]
  expect(addresses({ listening, sightings })).toEqual(['listening /ip4/11.0.0.9/tcp/2'])
})

it('what is surest of an address is told', () => {
  const address = '/ip4/11.0.0.1/tcp/4001'
  const sightings = [seen('ann', address, 'inbound'), seen('ben', '/ip4/11.0.0.1/tcp/50123')]
  const all = { listening: [address], mapped: [address], announced: [address], sightings }
  expect(addresses(all)).toEqual([`announced ${address} ann ben`])
  expect(addresses({ ...all, announced: [] })).toEqual([`upnp ${address} ann ben`])
  expect(addresses({ ...all, announced: [], mapped: [] })).toEqual([`listening ${address} ann ben`])
})

it('those who say that we are anywhere are outvoted', () => {
  const liars = Array.from({ length: 50 }, (_, n) => seen(`liar${n}`, `/ip4/12.0.0.${n + 1}/tcp/1`))
  const honest = [seen('ann', '/ip4/11.0.0.1/tcp/1'), seen('ben', '/ip4/11.0.0.1/tcp/2')]
  const found = addresses({ listening: ['/ip4/10.0.0.2/tcp/4001'], sightings: [...liars, ...honest] })
  expect(found).toContain('guessed /ip4/11.0.0.1/tcp/4001 ann ben')
  expect(found).toHaveLength(4)
})
