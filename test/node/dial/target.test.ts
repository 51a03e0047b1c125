import { describe, expect, it } from 'vitest'
import { RequestFailed } from '../../../src/core/failure.ts'
import { parseTarget } from '../../../src/node/dial/target.ts'

const PEER = '12D3KooWJ5aLJHTrgFhQxLg1o8xQtjbTYhw6dAmvZo9Xygyy95Tc'

function failure(words: string) {
  try {
    parseTarget(words)
  } catch (error) {
    if (error instanceof RequestFailed) return error.failure
    throw error
  }
  return expect.fail(`${words} was taken for a target`)
}

describe('a target', () => {
  it.each([
    ['/ip4/127.0.0.1/tcp/4001', undefined],
    [`/ip4/127.0.0.1/tcp/4001/p2p/${PEER}`, PEER],
    ['/dns4/localhost/tcp/4001', undefined],
    ['/ip6/::1/tcp/4001', undefined],
  ])('may be the address %s', (words, peer) => {
    const target = parseTarget(words)
    expect(target).toMatchObject({ hasAddress: true, text: words, key: words })
    expect(target.peerId?.toString()).toBe(peer)
    expect(target.dial.toString()).toBe(words)
  })

  it.each([PEER, `/p2p/${PEER}`, `  ${PEER}\n`])('may be a peer: %s', words => {
    const target = parseTarget(words)
    expect(target).toMatchObject({ hasAddress: false, text: PEER })
    expect(target.peerId?.toString()).toBe(PEER)
  })

  it('is never cut in its key, however long', () => {
    const words = `/unix/%2Ftmp%2F${'a'.repeat(600)}`
    const target = parseTarget(words)
    expect(target.text.length).toBe(512)
    expect(target.key).toBe(words)
  })
})

describe('what is no target fails at stage "target":', () => {
  it.each([
    ['/ip4/1.2.3.4.5/tcp/1', 'Not a usable address: Invalid IPv4 address "1.2.3.4.5"'], // ValidationError
    ['/ip4', 'Not a usable address: Component ip4 was missing value'], // InvalidMultiaddrError
    ['/nope/x', 'Not a usable address: Protocol nope was unknown'], // UnknownProtocolError
    ['/ip4/127.0.0.1/tcp/99999', 'Not a usable address: Value must be smaller than or equal to 65535'],
    [
      '/dns4/$(touch$IFS-x)y/tcp/1',
      '"$(touch$IFS-x)y" is no name of a host, nor a part that an address may have',
    ],
    ['/dns4/b\u00fccher.example/tcp/1', '"b\u00fccher.example" is to be written as xn--bcher-kva.example'],
    ['', 'No target given'],
    ['/', '/ names neither an address nor a peer'],
    ['hello', 'hello is neither a multiaddr nor a Peer ID'],
    ['12D3KooW', '12D3KooW is neither a multiaddr nor a Peer ID'],
    ['/ip4/127.0.0.1/tcp/1/p2p/xyz', 'xyz is not a Peer ID'],
  ])('%j', (words, cause) => {
    expect(failure(words)).toMatchObject({ stage: 'target', cause })
  })

  it.each([
    ['192.168.1.2:4001', 'Write it as /ip4/192.168.1.2/tcp/4001'],
    ['[fe80::1]:4001', 'Write it as /ip6/fe80::1/tcp/4001'],
    ['host.example:4001', 'Write it as /dns4/host.example/tcp/4001'],
  ])('%j, and says how it is written', (words, hint) => {
    expect(failure(words)).toMatchObject({ stage: 'target', hint })
  })

  it('and shows nothing of it that could harm a terminal', () => {
    expect(failure('\x1b[2Jhello').cause).toBe('\uFFFD[2Jhello is neither a multiaddr nor a Peer ID')
    expect(failure('/\x1b[2J/x').cause).not.toContain('\x1b')
  })
})
