import { randomBytes } from 'node:crypto'
import { rmSync } from 'node:fs'
import { setTimeout as passed } from 'node:timers/promises'
import { generateKeyPair } from '@libp2p/crypto/keys'
import { peerIdFromPrivateKey } from '@libp2p/peer-id'
import { base58btc } from 'multiformats/bases/base58'
import { BEN } from '../../support/mdns-peers.ts'
import { Announcer } from './harness/announce.ts'
import type { Attack } from './harness/attack.ts'
import { finding } from './harness/finding.ts'
import { attacker, newcomer } from './harness/hosts.ts'
import { scratchHome, type Victim } from './harness/victim.ts'

const HEARD_MS = 2_000
const ADDRESSES = 32
const ROUNDS = 3
const PACKETS = 420
/** So many fit into a packet. */
const IN_A_PACKET = 24
const UNSEEN_MS = 30_000

/** What mDNS says is unsigned: anybody on the link can speak for anybody. */
export const unprovedAddresses: Attack = {
  title: 'mDNS: made-up addresses for a peer that the operator knows',
  short: true,
  async measure(stage) {
    const home = scratchHome()
    stage.use({ [Symbol.dispose]: () => rmSync(home, { recursive: true, force: true }) })
    const { friends: [friend = ''] = [] } = await stage
      .bystanders()
      .order({ do: 'gather', friends: 1, newcomers: 0 })
    const peerId = friend.split('/').at(-1) ?? ''

    const before = await stage.victim({ home, mdns: true })
    before.type(`dial ${friend}`)
    await before.until(() => before.told('dial:succeeded').length > 0, HEARD_MS * 5)
    before.type(`name ${peerId} laptop`)
    before.type(`hangup ${peerId}`)
    await before.until(() => before.told('connection:closed').length > 0, HEARD_MS)
    using liar = await Announcer.at(attacker())
    for (let round = 1; round <= ROUNDS; round += 1) {
      const addresses = Array.from(
        { length: ADDRESSES },
        (_, n) => `/ip4/45.33.9.${n + 1}/tcp/${round * 1_000 + n}/p2p/${peerId}`,
      )
      await liar.announce(`liar${round}`, addresses)
      await passed(HEARD_MS)
    }
    await before.quit()

    const after = await stage.victim({ home })
    after.type('dial laptop')
    const ends = () => [...after.told('dial:succeeded'), ...after.told('dial:failed')]
    await after.until(() => ends().length > 0, 20_000)
    const [end] = ends()
    const lost = end?.type === 'dial:succeeded' ? 0 : 1
    return [
      finding(
        this.title,
        'lost after a restart',
        lost,
        `${ROUNDS} times ${ADDRESSES} addresses; ${end?.cause ?? 'dialed'}`,
      ),
    ]
  },
}

/** Words that no host has for a name, and a shell runs. */
const NAMES = [`$(touch\${IFS}x)y`, '`id`', 'a;b', 'a b', "a'b", 'a|b']
/** What can be pasted after a command, unquoted, and stays one word. */
const HARMLESS = /^[\w./:%@[\]+-]*$/

/** What a peer announces comes to be copied, and read by scripts. */
export const shellNames: Attack = {
  title: 'mDNS: names of hosts that a shell would run',
  short: true,
  async measure(stage) {
    const victim = await stage.victim({ mdns: true })
    using liar = await Announcer.at(attacker())
    for (const name of NAMES) {
      await liar.announce(`shell${NAMES.indexOf(name)}`, [
        `/dns4/${name}/tcp/1/p2p/${await somebody()}`,
        `/dns/${name}/tcp/1/ws/p2p/${await somebody()}`,
        `/ip4/45.33.9.9/tcp/1/tls/sni/${name}/ws/p2p/${await somebody()}`,
      ])
    }
    await liar.announce('last', [`/ip4/45.33.9.9/tcp/9/p2p/${BEN}`])
    const heard = await seen(victim, BEN, UNSEEN_MS)
    const told = [...victim.told('peer:discovered'), ...victim.told('peer:refreshed')]
      .flatMap(({ addresses }) => addresses as string[])
      .filter(address => !HARMLESS.test(address))
    return [
      finding(this.title, 'addresses told that are not safe to paste', told.length, told[0] ?? ''),
      finding(this.title, 'honest peer unseen', heard === undefined ? 1 : 0),
    ]
  },
}

/** More peers than anybody has neighbours, all of one sender. */
export const fakePeers: Attack = {
  title: `mDNS: ${PACKETS} packets of peers that do not exist`,
  short: true,
  async measure(stage) {
    const victim = await stage.victim({ mdns: true })
    using liar = await Announcer.at(attacker())
    using neighbour = await Announcer.at(newcomer(0))
    const honest = String(await somebody())
    for (let packet = 0; packet < PACKETS; packet += 1) {
      const peers = Array.from({ length: IN_A_PACKET }, nobody)
      await liar.announce(
        `fake${packet}`,
        peers.map(peerId => `/ip4/45.33.9.9/tcp/1/p2p/${peerId}`),
      )
      // As fast as they are read: what the system drops harms nobody.
      await passed(2)
    }
    const began = performance.now()
    // As a new neighbour does: at once, and again and again.
    const again = setInterval(
      () => void neighbour.announce('honest', [`/ip4/${newcomer(0)}/tcp/4001/p2p/${honest}`]),
      1_000,
    )
    await neighbour.announce('honest', [`/ip4/${newcomer(0)}/tcp/4001/p2p/${honest}`])
    const at = await seen(victim, honest, UNSEEN_MS)
    clearInterval(again)
    const value = at === undefined ? Number.POSITIVE_INFINITY : at - began
    return [{ name: `${this.title}: an honest neighbour unseen for`, value, unit: 'ms', atMost: 1_000 }]
  },
}

/** When the program told of a peer; undefined: not in time. */
async function seen(victim: Victim, peerId: string, withinMs: number): Promise<number | undefined> {
  const told = () => victim.told('peer:discovered').find(event => event.peerId === peerId)
  await victim.until(() => told() !== undefined, withinMs)
  return told()?.heardAt
}

/** The Peer ID of a key that nobody has: nothing is to be made to have one. */
function nobody(): string {
  const key = Buffer.concat([Buffer.of(0, 36, 8, 1, 18, 32), randomBytes(32)])
  return base58btc.encode(key).slice(1)
}

async function somebody() {
  return peerIdFromPrivateKey(await generateKeyPair('Ed25519'))
}
