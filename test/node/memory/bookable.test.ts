import { multiaddr } from '@multiformats/multiaddr'
import { describe, expect, it } from 'vitest'
import { safeAddress, safeText } from '../../../src/core/safe-text.ts'
import { bookable, isBookable } from '../../../src/node/memory/bookable.ts'

const ID = '12D3KooWNcA2NTj4hEHGy3o3KY9eUoUrwTnmcdAief4dFAXeEffh'
const HASHES =
  '/certhash/uEiAkH5a4DPGKUuOBjYw0CgwjvcJCJMD2K_1aluKR_tpevQ/certhash/uEiDmuvVwXTvxp-YYnUYBPBZyG5FV-Uds7t4G7OSC8lJIoA'
const RELAYED = `/ip6/2a02:8109:9c80:5d4a:1a2b:3c4d:5e6f:7a8b/tcp/4001/p2p/${ID}/p2p-circuit/p2p/${ID}`
const WEBTRANSPORT = `/ip4/192.168.1.22/udp/4001/quic-v1/webtransport${HASHES}/p2p/${ID}`

describe('addresses for the address book', () => {
  it('are kept whole, however long real ones are', () => {
    const long = [RELAYED, WEBTRANSPORT, `/dns4/${'h'.repeat(60)}.local/tcp/4001/p2p/${ID}`]
    expect(bookable(long.map(safeAddress)).map(String)).toEqual(long)
  })

  it('leave out those that were cut or cleaned, wherever that was', () => {
    const cut = [RELAYED, WEBTRANSPORT].map(address => safeText(address))
    for (const address of cut) expect(address).toMatch(/\u2026$/)
    const hostile = [`/dns4/${'a'.repeat(505)}/tcp/1`, '/dns4/a\u001b[2J/tcp/1', `/dns4/${'a'.repeat(5000)}`]
    expect(bookable([...cut, ...hostile.map(safeAddress)])).toEqual([])
  })

  it('leave out those whose bytes say another thing than their text', () => {
    // /dns4 with the name "a/tcp/1", and /p2p with what is no Peer ID.
    const slashes = multiaddr(Buffer.concat([Buffer.of(54, 7), Buffer.from('a/tcp/1'), Buffer.of(6, 0, 2)]))
    expect(slashes.toString()).toBe('/dns4/a/tcp/1/tcp/2')
    expect(isBookable(slashes)).toBe(false)
    expect(isBookable(multiaddr(multiaddr('/dns4/a/tcp/1/tcp/2').bytes))).toBe(true)
  })

  it('leave out what is none, and keep the others', () => {
    const odd = ['', '/', 'nonsense', '/foo/bar', '/ip4/1.2.3.4/tcp/99999', '/ip4/1.2.3.4/tcp/1/p2p/short']
    expect(bookable([...odd, '/ip4/1.2.3.4/tcp/1'].map(safeAddress)).map(String)).toEqual([
      '/ip4/1.2.3.4/tcp/1',
    ])
  })
})
