import { describe, expect, it } from 'vitest'
import type { Given } from '../../../src/modes/options/given.ts'
import { toSettings } from '../../../src/modes/options/settings.ts'
import { PUBLIC_BOOTSTRAP } from '../../../src/node/routing/well-known.ts'

const node = (given: Given) => toSettings([given], false).node

describe('the options of the DHT', () => {
  it('have none, and nobody to contact, unless asked for', () => {
    expect(node({})).not.toHaveProperty('dht')
    expect(node({}).bootstrap).toEqual([])
  })

  it('name the one to take part in, as a client unless it shall be served', () => {
    expect(node({ dht: 'lan' }).dht).toEqual({ network: 'lan', server: false })
    expect(node({ dht: '/mine/kad/1.0.0', dhtServer: true }).dht).toEqual({
      network: '/mine/kad/1.0.0',
      server: true,
    })
    expect(node({ dht: 'public' }).bootstrap).toEqual([])
  })

  it('join the public network with one flag, beside the bootstrap peers given', () => {
    const own = '/ip4/192.0.2.1/tcp/4001'
    const { dht, bootstrap } = node({ public: true, bootstrap: [own] })
    expect(dht).toEqual({ network: 'public', server: false })
    expect(bootstrap).toEqual([...PUBLIC_BOOTSTRAP, own])
    expect(bootstrap.every(address => /\/p2p\/\w+$/.test(address) || address === own)).toBe(true)
  })

  it.each([
    [{ dht: 'wan' }, '--dht must be lan, public, or a protocol id like /your/kad/1.0.0, not "wan"'],
    [{ dht: '/' }, '--dht must be lan, public, or a protocol id like /your/kad/1.0.0, not "/"'],
    [{ dhtServer: true }, '--dht-server needs --dht lan, --dht public or --dht /your/protocol'],
  ])('%j is refused', (given, message) => expect(() => node(given)).toThrow(message))
})
