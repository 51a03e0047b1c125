import { fileURLToPath } from 'node:url'
import { encode } from 'dns-packet'
import { expect, it } from 'vitest'
import { intrudersIn } from '../support/escape-sequences.ts'
import { HOSTILE_TEXTS, MARK } from '../support/hostile-text.ts'
import { ANN, BEN } from '../support/mdns-peers.ts'
import { describeInNetns, withHost } from '../support/netns.ts'
import { Actor } from '../support/netns-actor.ts'
import { ScreenProgram } from '../support/program.ts'

const WIRE = fileURLToPath(new URL('../node/mdns/fixtures/wire.ts', import.meta.url))
const SERVICE = '_p2p._udp.local'

/** One announcement of a peer: an instance's name, and a dnsaddr each. */
function announcement(instance: string, addresses: string[]): string {
  const name = `${instance}.${SERVICE}`
  return encode({
    type: 'response',
    answers: [{ type: 'PTR', name: SERVICE, ttl: 120, data: name }],
    additionals: [{ type: 'TXT', name, ttl: 120, data: addresses.map(address => `dnsaddr=${address}`) }],
  }).toString('hex')
}

/** At most so many bytes stand between two dots of a name, and in one string of a TXT record. */
const label = (text: string) => Buffer.from(text.replaceAll('.', ' ')).subarray(0, 60).toString()
const host = (text: string) => text.replaceAll('/', '|').slice(0, 50)

describeInNetns('hostile announcements', () => {
  it('keep no peer from being heard, and get nothing to the terminal', () =>
    withHost(async machine => {
      const screen = new ScreenProgram(['--ephemeral'], { host: machine, columns: 140, rows: 36 })
      await screen.waitFor('listening on')
      const wire = new Actor(machine.node(WIRE, [JSON.stringify({ address: '127.0.0.1' })]))
      await wire.next('started')
      for (const text of Object.values(HOSTILE_TEXTS)) {
        const evil = [
          `/ip4/127.0.0.1/tcp/1/p2p/${ANN}`,
          `/dns4/${host(text)}/tcp/1/p2p/${ANN}`,
          `/ip4/127.0.0.1/tcp/1/p2p/${text.slice(0, 60)}`,
          text.slice(0, 200),
        ]
        wire.tell({ send: announcement(label(text), evil) })
      }
      // Whoever comes last has been heard after all of them.
      wire.tell({ send: announcement('last', [`/ip4/127.0.0.1/tcp/9/p2p/${BEN}`]) })
      await screen.waitFor(BEN.slice(-6))
      await screen.waitFor(ANN.slice(-6))
      screen.press('/', `${ANN.slice(-8)}\r`, '\r')
      await screen.waitFor(/^ {2}Peer ID {6}/m)
      screen.press('\u0003')
      await screen.ended
      // What is no address of a peer here is not even shown.
      expect(screen.output).not.toContain(MARK)
      expect(intrudersIn(screen.output)).toEqual([])
    }))
})
