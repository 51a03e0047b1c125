/** What strangers say of a peer that is known. */
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { announcement } from '../support/mdns-announcement.ts'
import { describeInNetns, type Host, withHost } from '../support/netns.ts'
import { Actor } from '../support/netns-actor.ts'
import { emptyHome, LOOPBACK_ARGS, PipedProgram } from '../support/program.ts'

const WIRE = fileURLToPath(new URL('../node/mdns/fixtures/wire.ts', import.meta.url))
const ON_LOOPBACK = ['--headless', '--json', '--listen', '/ip4/127.0.0.1/tcp/0']

async function wireAt(host: Host): Promise<Actor> {
  const wire = new Actor(host.node(WIRE, [JSON.stringify({ address: '127.0.0.1' })]))
  await wire.next('started')
  return wire
}

/** Addresses at which nobody is, each with the peer at its end: as many as are kept of one. */
function madeUp(peerId: unknown, round: number): string[] {
  return Array.from({ length: 32 }, (_, n) => `/ip4/127.0.0.1/tcp/${round * 100 + n + 1}/p2p/${peerId}`)
}

describeInNetns('a neighbour that makes up addresses of a peer', () => {
  it('drives out none that the peer has proved: it is dialed at once, also after a restart and in the middle of it', () =>
    withHost(async host => {
      const home = emptyHome()
      const other = new PipedProgram(['--headless', '--json', '--ephemeral', ...LOOPBACK_ARGS], { host })
      const { peerId } = await other.event('node:started')
      const { address } = await other.event('listen:opened')
      const wire = await wireAt(host)
      const poison = (round: number) =>
        wire.tell({ send: announcement(`evil${round}`, madeUp(peerId, round)) })
      const poisoned = (node: PipedProgram, round: number) => {
        const isOfRound = (event: Record<string, unknown>) =>
          event.peerId === peerId &&
          event.source === 'mdns' &&
          String(event.addresses).includes(`/tcp/${round * 100 + 1}/`)
        const refreshed = node.event('peer:refreshed', isOfRound)
        const discovered = node.event('peer:discovered', isOfRound)
        return Promise.any([refreshed, discovered])
      }

      const first = new PipedProgram(ON_LOOPBACK, { host, home })
      await first.event('listen:opened')
      first.child.stdin?.write(`dial ${address}\n`)
      await first.event('peer:identified')
      first.child.stdin?.write(`name ${peerId} the old laptop\n`)
      await first.event('name:given')
      first.child.stdin?.write(`hangup ${peerId}\n`)
      await first.event('connection:closed')
      for (const round of [1, 2, 3]) {
        poison(round)
        await poisoned(first, round)
      }
      first.child.kill('SIGTERM')
      await first.ended

      const second = new PipedProgram(ON_LOOPBACK, { host, home })
      await second.event('listen:opened')
      poison(4)
      await poisoned(second, 4)
      second.child.stdin?.write('dial "the old laptop"\n')
      const dialed = await Promise.any([second.event('dial:succeeded'), second.event('dial:failed')])
      expect(dialed).toMatchObject({ type: 'dial:succeeded', peerId, address })
      // Those that failed before it would have a cause.
      const others = (dialed.others ?? []) as { cause?: string }[]
      expect(others.filter(({ cause }) => cause !== undefined)).toEqual([])
      expect(others.length).toBeGreaterThan(20)
    }))
})
