/** The built program with libp2p of others, as people run it: what it prints with --json. */
import { expect, it } from 'vitest'
import { describeInNetns, withHost } from '../support/netns.ts'
import { Actor } from '../support/netns-actor.ts'
import { LOOPBACK_ARGS, PipedProgram } from '../support/program.ts'
import { OTHERS } from './others/others.ts'
import { LAYERS, type Layer, listeningWitness, noWitness } from './witness.ts'

const LISTEN = ['--no-mdns', '--listen', '/ip4/127.0.0.1/tcp/0/ws']

describeInNetns('the program', () => {
  it.each(OTHERS)('is dialed by $name, pings it by a line of input, and says so in JSON', other =>
    withHost(async host => {
      const program = new PipedProgram(['--headless', '--json', '--ephemeral', ...LISTEN], { host })
      const { address } = await program.event('listen:opened')
      const dialer = new Actor(host.node(other.program, [String(address)]))
      const { peerId, encryption, muxer } = await program.event('connection:opened')
      expect({ encryption, muxer }).toEqual({ encryption: '/noise', muxer: '/yamux/1.0.0' })
      program.child.stdin?.write(`ping ${peerId}\n`)
      await program.event('ping:succeeded', event => event.peerId === peerId)
      await program.event('ping:answered', event => event.peerId === peerId)
      program.child.stdin?.end('quit\n')
      expect(await program.ended).toMatchObject({ code: 0 })
      const id = String(address).split('/').at(-1) ?? ''
      await dialer.next('text', ({ text }) => other.says.closed(id).test(String(text)))
    }),
  )

  for (const layer of Object.keys(LAYERS) as Layer[]) {
    it.skipIf(noWitness !== undefined && !process.env.CI)(
      `pings a witness over ${layer} from the shell`,
      () =>
        withHost(async host => {
          const { address, peerId, actor } = await listeningWitness(host, layer)
          const program = new PipedProgram(['ping', address, '--json', '-c', '2', ...LOOPBACK_ARGS], { host })
          expect(await program.ended).toMatchObject({ code: 0 })
          const pings = program.events().filter(event => event.type === 'ping:succeeded')
          expect(pings.filter(({ cold }) => cold !== true)).toHaveLength(2)
          expect(pings.every(event => event.peerId === peerId)).toBe(true)
          await actor.next('closed')
        }),
    )
  }
})
