import { fileURLToPath } from 'node:url'
import { decode, encode } from 'dns-packet'
import { base58btc } from 'multiformats/bases/base58'
import { expect, it } from 'vitest'
import { intrudersIn } from '../support/escape-sequences.ts'
import { HOSTILE_TEXTS, MARK } from '../support/hostile-text.ts'
import { announcement, announcements } from '../support/mdns-announcement.ts'
import { ANN, BEN } from '../support/mdns-peers.ts'
import { describeInNetns, withHost, withThreeHosts } from '../support/netns.ts'
import { Actor } from '../support/netns-actor.ts'
import { PipedProgram, ScreenProgram } from '../support/program.ts'

const WIRE = fileURLToPath(new URL('../node/mdns/fixtures/wire.ts', import.meta.url))
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

  it('put nothing into the columns of discover that a script or a shell trips over', () =>
    withHost(async machine => {
      const wire = new Actor(machine.node(WIRE, [JSON.stringify({ address: '127.0.0.1' })]))
      await wire.next('started')
      const discover = new PipedProgram(['discover', '--timeout', '5'], { host: machine })
      // It asks as soon as it listens.
      await wire.next('group')
      for (const host of ['$(touch$IFS-x)y.local', 'a b.local', '`x`.local', 'a;b.local', "a'b.local"]) {
        wire.tell({ send: announcement('evil', [`/dns4/${host}/tcp/1/p2p/${ANN}`]) })
      }
      const good = ['/ip4/127.0.0.1/tcp/9', '/dns4/ben.local/tcp/9'].map(address => `${address}/p2p/${BEN}`)
      wire.tell({
        send: announcement('good', [good[0] ?? '', `/dns4/c d.local/tcp/1/p2p/${BEN}`, good[1] ?? '']),
      })
      expect(await discover.ended).toMatchObject({ code: 0 })
      const [line, ...rest] = discover.stdout.trim().split('\n')
      expect(line?.split(' ')).toEqual([BEN, ...good])
      expect(rest).toEqual(['1 peer heard in 5 s'])
    }))
})

/**
 * Waits until a node has read all that a wire has sent it: it answers a plain resolver to itself alone, with the id of
 * the question; but not too often, so that it is asked again.
 */
async function hasRead(wire: Actor, id: number): Promise<void> {
  const question = encode({ id, questions: [{ type: 'PTR', name: '_p2p._udp.local' }] })
  const ask = () => wire.tell({ send: question.toString('hex'), from: 'other' })
  ask()
  const again = setInterval(ask, 200)
  await wire.next('unicast', ({ hex }) => decode(Buffer.from(String(hex), 'hex')).id === id)
  clearInterval(again)
}

/** The Peer ID of a key that nobody has. */
function peerIdOf(n: number): string {
  const key = Buffer.alloc(32)
  key.writeUInt32BE(n, 0)
  return base58btc.encode(Buffer.concat([Buffer.of(0, 36, 8, 1, 18, 32), key])).slice(1)
}

describeInNetns('a flood of made-up peers', () => {
  it('keeps no new neighbour from being heard, and is told of with who makes it', () =>
    withThreeHosts(
      async (attacker, here, neighbour) => {
        const node = new PipedProgram(['--headless', '--json', '--ephemeral'], { host: here })
        await node.event('listen:opened')
        const wire = new Actor(attacker.node(WIRE, [JSON.stringify({ address: '10.77.1.1' })]))
        await wire.next('started')
        // As many peers as a datagram holds: four instances, for of one no more than 32 are taken in by anybody.
        let made = 0
        const some = () => Array.from({ length: 24 }, () => `/ip4/10.77.1.1/tcp/1/p2p/${peerIdOf(made++)}`)
        for (let n = 0; n < 130; n++) {
          const instances = [`a${n}`, `b${n}`, `c${n}`, `d${n}`].map(name => [name, some()])
          wire.tell({ send: announcements(Object.fromEntries(instances)) })
          if (n % 5 === 4) await hasRead(wire, n)
        }
        const exceeded = await node.event('limit:exceeded')
        expect(exceeded).toMatchObject({ host: '10.77.1.1', action: 'dropped' })
        const honest = new PipedProgram(['--headless', '--json', '--ephemeral'], { host: neighbour })
        const { peerId } = await honest.event('node:started')
        const found = await node.event('peer:discovered', event => event.peerId === peerId)
        // It did not have to wait until those that are made up were not heard for long enough.
        const expired = node
          .events()
          .filter(({ type, reason }) => type === 'peer:expired' && reason === 'ttl')
        expect(expired.filter(({ seq }) => Number(seq) < Number(found.seq))).toEqual([])
      },
      { ipv6: false },
    ))
})
