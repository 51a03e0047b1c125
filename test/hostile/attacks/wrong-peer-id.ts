import { generateKeyPair } from '@libp2p/crypto/keys'
import { peerIdFromPrivateKey } from '@libp2p/peer-id'
import { webSockets } from '@libp2p/websockets'
import { addressOf, startPeer } from '../../support/peers/peer.ts'
import type { Attack } from './harness/attack.ts'
import { finding } from './harness/finding.ts'
import { FRIENDS } from './harness/hosts.ts'

const WITHIN_MS = 15_000
const RSA_BITS = 2048

/** A Peer ID of an RSA key is a hash: no public key can be read from it, and none be compared. */
export const wrongPeerId: Attack = {
  title: 'an address with the RSA Peer ID of somebody else',
  short: true,
  async measure(stage) {
    const victim = await stage.victim()
    const other = peerIdFromPrivateKey(await generateKeyPair('RSA', RSA_BITS))
    const listen = [`/ip4/${FRIENDS}/tcp/0`, `/ip4/${FRIENDS}/tcp/0/ws`]
    const noise = await startPeer({ listen, transports: [webSockets()] })
    const tls = await startPeer({ listen: listen.slice(0, 1), tlsOnly: true })
    const targets = [...noise.getMultiaddrs(), addressOf(tls)].map(
      address => `${address.toString().replace(/\/p2p\/.*/, '')}/p2p/${other}`,
    )
    for (const target of targets) victim.type(`dial ${target}`)
    const ends = () => [...victim.told('dial:succeeded'), ...victim.told('dial:failed')]
    await victim.until(() => ends().length >= targets.length, WITHIN_MS)
    const believed = victim.told('dial:succeeded')
    const refused = victim.told('dial:failed').at(0)
    return [
      finding(
        this.title,
        'believed',
        believed.length,
        `of ${targets.length}; ${refused?.cause ?? 'none refused'}`,
      ),
      finding(this.title, 'dials without an end', targets.length - ends().length),
    ]
  },
}
