import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { type Host, noNamespaces } from '../support/netns.ts'
import { Actor } from '../support/netns-actor.ts'

/** Debian's Python: the modules are its packages, which no other Python sees. */
const PYTHON = '/usr/bin/python3'
const PROGRAM = join(import.meta.dirname, 'fixtures/witness/main.py')

/** What encrypts, and whose code that is. */
export const LAYERS = {
  noise: { encryption: '/noise', by: 'python-dissononce' },
  tls: { encryption: '/tls/1.0.0', by: 'OpenSSL' },
} as const

/** The name of a layer. */
export type Layer = keyof typeof LAYERS

/** Why the witness cannot be run on this machine; undefined when it can. */
export const noWitness: string | undefined = noNamespaces ?? missingModules()

function missingModules(): string | undefined {
  const { status } = spawnSync(PYTHON, ['-c', 'import dissononce, OpenSSL, cryptography'])
  return status === 0 ? undefined : "Debian's python3-dissononce or python3-openssl is missing"
}

/** A witness on a host, told to dial an address or to listen for one connection. */
export function witness(host: Host, layer: Layer, ...how: string[]): Actor {
  return new Actor(host.spawn(PYTHON, [PROGRAM, layer, ...how]))
}

/** A witness that listens, and its address with its Peer ID. */
export async function listeningWitness(host: Host, layer: Layer, ...flags: string[]) {
  const actor = witness(host, layer, 'listen', ...flags)
  const { address } = await actor.next('listening')
  return { actor, address: String(address), peerId: String(address).split('/').at(-1) ?? '' }
}
