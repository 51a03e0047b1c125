import { spawnSync } from 'node:child_process'
import { multiaddr } from '@multiformats/multiaddr'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isHostName, isPlainAddress, oddPartOf } from '../../src/core/address.ts'
import { plainWord, safeAddress, safeText } from '../../src/core/safe-text.ts'
import { scratchDirectory } from '../support/scratch.ts'

const RUNS = '$(touch$IFS-x)y'
/** What means something to a shell, with what may stand around it. */
const SHELL_TEXT = fc.string({
  unit: fc.constantFrom(...' \t\n!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~aZ09é日\u00a0\u200b'),
  maxLength: 40,
})

/** What a shell prints for `echo` and each text, unquoted; it runs in a directory of its own. */
async function echoed(shell: string, texts: readonly string[]): Promise<string[]> {
  const input = texts.map(text => `echo ${text}\n`).join('')
  const { stdout } = spawnSync(shell, [], { input, cwd: await scratchDirectory(), encoding: 'utf8' })
  return stdout.split('\n').slice(0, -1)
}

const shells = ['sh', 'bash', 'zsh'].filter(shell => spawnSync(shell, ['-c', ':']).status === 0)

describe('what is copied', () => {
  it.each(shells)('is one word to %s, and stands for itself', async shell => {
    const parts = fc.sample(SHELL_TEXT, 400)
    const addresses = parts.flatMap(part => [
      safeAddress(`/dns4/${part}/tcp/1`),
      safeAddress(`/ip6zone/${part}/ip6/fe80::1/tcp/1`),
      safeAddress(part),
      // A name from the network may hold anything; that of a socket's file is URL-encoded.
      safeAddress(multiaddr(`/unix/${encodeURIComponent(`/tmp/x${part}`)}`)),
    ])
    const words = [...addresses, ...parts.map(part => plainWord(safeText(`a${part}`)))].filter(Boolean)
    expect(await echoed(shell, words)).toEqual(words)
    for (const word of words) expect(word).not.toMatch(/\s/)
  })

  it('is the same address still where a path has odd characters in it', () => {
    const path = `/unix/${encodeURIComponent("/tmp/it's (mine)!*~")}`
    expect(multiaddr(safeAddress(multiaddr(path))).equals(multiaddr(path))).toBe(true)
  })

  it('never begins with what makes an option, a job or a command of it', () => {
    for (const text of ['-rf', '%1', '=ls', '~root', '']) expect(plainWord(safeText(text))).toMatch(/^_/)
  })
})

describe('an address that may come in', () => {
  const p2p = '/p2p/12D3KooWRfqP9fy1Pi3YdeJ6d4U5FZrdcMGr5B4Tk2XFuPtpVcQQ'
  it.each([
    `/ip4/192.0.2.1/tcp/4001${p2p}`,
    '/ip6/2001:db8::1/udp/4001/quic-v1',
    '/ip6zone/eth0.100/ip6/fe80::1/tcp/4001',
    '/ip6zone/veth1@if2/ip6/fe80::1/tcp/4001',
    '/dns4/node-1.example.com/tcp/443/tls/sni/node-1.example.com/ws',
    '/dnsaddr/_dnsaddr.bootstrap.libp2p.io',
    '/dns/xn--bcher-kva.example/tcp/1',
    '/dns6/ann.local./tcp/1',
    '/unix/%2Ftmp%2Fa%20socket',
    `/ip4/192.0.2.1/udp/1/quic-v1/webtransport/certhash/uEiDDq4_xNyDorZBH3TlGazyJdOWSwvo4PUo5YHFMrvDE8g${p2p}`,
  ])('%s', address => {
    expect(isPlainAddress(address)).toBe(true)
    expect(safeAddress(address)).toBe(address)
    expect(multiaddr(address).toString()).toBe(address)
  })

  it.each(
    [
      ['dns', 'dns4', 'dns6', 'dnsaddr'].map(name => `/${name}/${RUNS}/tcp/1`),
      `/ip4/192.0.2.1/tcp/1/tls/sni/${RUNS}/ws`,
      `/ip6zone/${RUNS}/ip6/fe80::1/tcp/1`,
      `/memory/${RUNS}`,
      `/garlic32/${RUNS}`,
      '/dns4/a b/tcp/1',
      '/dns4/-rf/tcp/1',
      '/dns4/a..b/tcp/1',
      '/dns4/bücher.example/tcp/1',
      `/dns4/${'a'.repeat(64)}/tcp/1`,
      `/ip6zone/${'a'.repeat(33)}/ip6/fe80::1/tcp/1`,
      '/ip4/192.0.2.1/tcp/1/http/http-path/a;b',
      `/dns4/${Array.from({ length: 12 }, () => 'a'.repeat(60)).join('.')}/tcp/1`,
    ].flat(),
  )('is not %s', address => {
    expect(isPlainAddress(address)).toBe(false)
  })

  it('is told by the part that is at fault', () => {
    expect(oddPartOf(`/ip4/192.0.2.1/tcp/1/tls/sni/${RUNS}/ws`)).toBe(RUNS)
  })
})

it('a host name has labels of 63 characters and 253 in all', () => {
  expect(isHostName('a'.repeat(63))).toBe(true)
  expect(isHostName('a'.repeat(64))).toBe(false)
  const long = Array.from({ length: 63 }, () => 'abc').join('.')
  expect(isHostName(`${long}.a`)).toBe(true)
  expect(isHostName(`${long}.abc`)).toBe(false)
  expect(isHostName('')).toBe(false)
})
