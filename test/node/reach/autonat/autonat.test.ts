import { expect, it } from 'vitest'
import { describeInNetns, type Host, withLab } from '../../../support/netns.ts'
import { PipedProgram } from '../../../support/program.ts'

/** Three machines in a row with addresses that look public: outside 11.1.1.2, us 11.1.1.1 and 11.1.2.1, outside 11.1.2.2. */
function withTwoOutside<T>(body: (hosts: { us: Host; left: Host; right: Host }) => Promise<T>): Promise<T> {
  return withLab(async lab => {
    const [us, left, right] = await Promise.all([lab.host(), lab.host(), lab.host()])
    await lab.connect(us, left)
    await lab.connect(us, right)
    await us.run('ip addr add 11.1.1.1/24 dev eth0; ip addr add 11.1.2.1/24 dev eth1')
    await left.run('ip addr add 11.1.1.2/24 dev eth0; ip route add default via 11.1.1.1')
    await right.run('ip addr add 11.1.2.2/24 dev eth0; ip route add default via 11.1.2.1')
    return await body({ us, left, right })
  })
}

const QUIET = ['--headless', '--json', '--ephemeral', '--no-mdns', '--ping-interval', '0']

/** A node that dials back those who ask. */
async function witness(host: Host, address: string) {
  const node = new PipedProgram([...QUIET, '--autonat-server', '--listen', address], { host })
  const { peerId } = await node.event('node:started')
  await node.event('listen:opened')
  return { node, peerId: String(peerId), address: `${address}/p2p/${peerId}` }
}

const at = (address: string) => (event: Record<string, unknown>) => event.address === address

describeInNetns('AutoNAT', () => {
  it('tells which peer got through at which address, and announces what is confirmed', () =>
    withTwoOutside(async ({ us, left, right }) => {
      await us.run('nft add table ip t; nft add chain ip t in "{ type filter hook input priority 0; }"')
      await us.run(
        'nft add rule ip t in ip daddr 11.1.2.1 tcp dport 4001 tcp flags syn reject with tcp reset',
      )
      const [one, two] = await Promise.all([
        witness(left, '/ip4/11.1.1.2/tcp/4001'),
        witness(right, '/ip4/11.1.2.2/tcp/4001'),
      ])
      const node = new PipedProgram(
        [...QUIET, '--autonat', '--listen', '/ip4/0.0.0.0/tcp/4001', one.address, two.address],
        { host: us },
      )
      const { peerId } = await node.event('node:started')
      expect(await node.event('autonat:started')).toMatchObject({ asks: true, answers: false })
      for (const open of ['/ip4/11.1.1.1/tcp/4001', '/ip4/11.1.2.1/tcp/4001']) {
        expect(await node.event('address:learned', at(open))).toMatchObject({ how: 'listening' })
        for (const { peerId } of [one, two]) {
          const told = await node.event('address:checked', e => e.address === open && e.peerId === peerId)
          expect(told.reachable).toBe(open.startsWith('/ip4/11.1.1'))
          await node.event('autonat:asked', e => e.address === open && e.peerId === peerId)
        }
      }
      expect(await one.node.event('autonat:answered', at('/ip4/11.1.2.1/tcp/4001'))).toMatchObject({
        peerId,
        reachable: false,
      })
      // What it announces now is what others learn of it.
      const announced = (await one.node.event('peer:updated', e =>
        String(e.addresses).includes('/ip4/11.1.1.1/'),
      )) as { addresses: string[] }
      expect(String(announced.addresses)).not.toContain('/ip4/11.1.2.1/')
    }))
})
