import { expect, it } from 'vitest'
import type { NodeEvent } from '../../../../src/core/events.ts'
import { reachabilityOf } from '../../../../src/store/selectors/reachability.ts'
import { reduceSwarm } from '../../../../src/store/swarm/reduce.ts'
import { EMPTY_SWARM } from '../../../../src/store/swarm/state.ts'
import { describeInNetns, type Host, withThreeHosts } from '../../../support/netns.ts'
import { PipedProgram } from '../../../support/program.ts'

const QUIET = ['--headless', '--json', '--ephemeral', '--no-mdns', '--ping-interval', '0']
const OUTER = '/ip4/11.3.3.1/tcp/4001'

/** Us at 10.77.1.1, a router that masquerades us as 11.3.3.1, and a machine outside at 11.3.3.2 and 11.3.3.3. */
function behindNat(body: (us: Host, router: Host, outside: Host) => Promise<void>): Promise<void> {
  return withThreeHosts(
    async (us, router, outside) => {
      await us.run('ip route add default via 10.77.1.2')
      await outside.run('ip addr add 11.3.3.2/24 dev eth0; ip addr add 11.3.3.3/24 dev eth0')
      await router.run(`
        ip addr add 11.3.3.1/24 dev eth1
        echo 1 > /proc/sys/net/ipv4/ip_forward
        nft add table ip nat
        nft add chain ip nat in '{ type nat hook prerouting priority -100; }'
        nft add chain ip nat out '{ type nat hook postrouting priority 100; }'
        nft add rule ip nat out oifname eth1 masquerade`)
      await body(us, router, outside)
    },
    { ipv6: false },
  )
}

/** Nodes outside that dial back, and the address of each. */
async function witnesses(outside: Host) {
  const places = ['/ip4/11.3.3.2/tcp/4001', '/ip4/11.3.3.3/tcp/4001']
  return await Promise.all(
    places.map(async place => {
      const node = new PipedProgram([...QUIET, '--autonat-server', '--listen', place], { host: outside })
      const peerId = String((await node.event('node:started')).peerId)
      await node.event('listen:opened')
      return { node, peerId, address: `${place}/p2p/${peerId}` }
    }),
  )
}

function ours(us: Host, ...args: string[]): PipedProgram {
  return new PipedProgram([...QUIET, '--autonat', '--listen', '/ip4/0.0.0.0/tcp/4001', ...args], { host: us })
}

/** What its events amount to. */
function verdict(node: PipedProgram) {
  return reachabilityOf((node.events() as unknown as NodeEvent[]).reduce(reduceSwarm, EMPTY_SWARM))
}

describeInNetns('behind a NAT', () => {
  it('a port that is forwarded is guessed, tried by two, and announced; it is lost with the listener', () =>
    behindNat(async (us, router, outside) => {
      await router.run('nft add rule ip nat in iifname eth1 tcp dport 4001 dnat to 10.77.1.1:4001')
      const peers = await witnesses(outside)
      const node = ours(us, ...peers.map(({ address }) => address))
      for (const { peerId } of peers) {
        const from = (event: Record<string, unknown>) => event.peerId === peerId && event.address === OUTER
        expect(await node.event('address:learned', from)).toMatchObject({ how: 'guessed' })
        expect(await node.event('address:checked', from)).toMatchObject({ reachable: true })
      }
      await peers[0]!.node.event('peer:updated', ({ addresses }) => String(addresses).includes(OUTER))
      expect(verdict(node)).toEqual({
        verdict: 'reachable',
        text: 'Reachable at 11.3.3.1:4001',
        reasons: [expect.stringMatching(/^confirmed by …\w+ and …\w+$/)],
      })
      node.child.stdin?.write('unlisten /ip4/0.0.0.0/tcp/4001\n')
      await node.event('address:lost', ({ address }) => address === OUTER)
    }))

  it('without one nobody gets in, and what was announced in vain is told too', () =>
    behindNat(async (us, _, outside) => {
      const peers = await witnesses(outside)
      const forwarded = '/ip4/11.3.3.1/tcp/4009'
      const node = ours(us, '--announce', forwarded, ...peers.map(({ address }) => address))
      expect(await node.event('address:learned', ({ address }) => address === forwarded)).toMatchObject({
        how: 'announced',
      })
      await peers[0]!.node.event('peer:updated', ({ addresses }) => String(addresses).includes(forwarded))
      for (const address of [OUTER, forwarded]) {
        for (const { peerId } of peers) {
          const about = (event: Record<string, unknown>) =>
            event.address === address && event.peerId === peerId
          expect(await node.event('address:checked', about)).toMatchObject({ reachable: false })
        }
      }
      const { text, reasons } = verdict(node)
      expect(text).toBe('Nobody could reach us: behind a NAT?')
      expect(reasons).toContainEqual(
        expect.stringMatching(/^11\.3\.3\.1:4001: not reached by …\w+ and …\w+$/),
      )
      expect(reasons).toContain('try --upnp: the router may open a port')
      const told = await node.event('peer:identified', ({ peerId }) => peerId === peers[0]!.peerId)
      expect(String(told.observedAddress)).toMatch(/^\/ip4\/11\.3\.3\.1\//)
    }))
})
