import type { Failure } from '../../core/failure.ts'
import { type SafeText, safeText, say } from '../../core/safe-text.ts'
import { looksLikePeerId } from './peer-id.ts'

/** What a person asks to dial, as far as the fake network needs to understand it. */
export interface FakeTarget {
  text: SafeText
  peerId?: SafeText
  /** Absent: a Peer ID alone. */
  address?: { kind: string; host: string; port?: number }
}

const KINDS = ['ip4', 'ip6', 'dns', 'dns4', 'dns6', 'dnsaddr']
const EXAMPLES = say`Give a multiaddr like /ip4/192.168.1.2/tcp/4001, or a Peer ID like 12D3KooW...`

/** Reads a multiaddr, with or without a Peer ID, or a Peer ID; says what is wrong with anything else. */
export function readTarget(words: string): FakeTarget | { failure: Failure } {
  const text = safeText(words.trim())
  if (looksLikePeerId(text)) return { text, peerId: text }
  const [empty, kind = '', host = '', ...rest] = text.split('/')
  if (empty !== '' || kind === '') return notTarget(say`${text} is neither a multiaddr nor a Peer ID`)
  if (kind === 'p2p') return looksLikePeerId(host) ? { text, peerId: safeText(host) } : notPeerId(host)
  if (!KINDS.includes(kind) || !isHost(kind, host)) return notTarget(say`${text} is not a usable multiaddr`)

  const tcp = rest.indexOf('tcp')
  const port = tcp === -1 ? undefined : Number(rest[tcp + 1] ?? Number.NaN)
  if (port !== undefined && !(Number.isInteger(port) && port >= 0 && port < 65_536))
    return notTarget(say`${text} has no usable TCP port`)
  const at = rest.indexOf('p2p')
  const peerId = at === -1 ? undefined : (rest[at + 1] ?? '')
  if (peerId !== undefined && !looksLikePeerId(peerId)) return notPeerId(peerId)
  return {
    text,
    address: { kind, host, ...(port === undefined ? {} : { port }) },
    ...(peerId === undefined ? {} : { peerId: safeText(peerId) }),
  }
}

function isHost(kind: string, host: string): boolean {
  if (kind === 'ip4') {
    const parts = host.split('.')
    return parts.length === 4 && parts.every(part => /^\d{1,3}$/u.test(part) && Number(part) < 256)
  }
  return kind === 'ip6' ? /^[\da-f:.]*:[\da-f:.]*$/iu.test(host) : host !== ''
}

function notPeerId(text: string): { failure: Failure } {
  return notTarget(say`${safeText(text)} is not a Peer ID`, say`Copy the whole of it: 12D3KooW... or Qm...`)
}

function notTarget(cause: SafeText, hint = EXAMPLES): { failure: Failure } {
  return { failure: { stage: 'target', cause, hint } }
}
