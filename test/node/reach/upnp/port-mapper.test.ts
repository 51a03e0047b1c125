import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { describeInNetns, type Host, withTwoHosts } from '../../../support/netns.ts'
import { Actor } from '../../../support/netns-actor.ts'
import { PipedProgram } from '../../../support/program.ts'
import type { GatewayConfig } from './fixtures/gateway.ts'

const MAPPER = fileURLToPath(new URL('fixtures/mapper.ts', import.meta.url))
const GATEWAY = fileURLToPath(new URL('fixtures/gateway.ts', import.meta.url))
const OUTER = '11.9.9.9'

async function gateway(host: Host, config: Partial<GatewayConfig> = {}): Promise<Actor> {
  const whole = JSON.stringify({ host: '10.77.1.2', outer: OUTER, ...config })
  const actor = new Actor(host.node(GATEWAY, [whole]))
  await actor.next('started')
  return actor
}

function node(host: Host, listen = '/ip4/0.0.0.0/tcp/4001'): PipedProgram {
  const quiet = ['--headless', '--json', '--ephemeral', '--no-mdns', '--ping-interval', '0']
  return new PipedProgram([...quiet, '--upnp', '--listen', listen], { host })
}

/** Our machine and a router on one cable: 10.77.1.1 and 10.77.1.2. */
const withRouter = (body: (us: Host, router: Host) => Promise<void>) => withTwoHosts(body, { ipv6: false })

describeInNetns('a router that forwards ports', () => {
  it('is found, told which, told again no sooner than needed, and told the end', () =>
    withRouter(async (us, router) => {
      const box = await gateway(router)
      const ours = node(us)
      const address = `/ip4/${OUTER}/tcp/4001`
      expect(await ours.event('upnp:mapped')).toMatchObject({ address, gateway: 'Box & Co' })
      expect(await ours.event('address:learned', e => e.address === address)).toMatchObject({ how: 'upnp' })
      expect(await box.next('added')).toMatchObject({
        protocol: 'TCP',
        port: 4001,
        to: '10.77.1.1:4001',
        lease: 3600,
      })
      ours.child.stdin?.write('listen /ip4/0.0.0.0/tcp/4002/ws\n')
      await ours.event('upnp:mapped', e => e.address === `/ip4/${OUTER}/tcp/4002/ws`)
      ours.child.stdin?.write('unlisten /ip4/0.0.0.0/tcp/4002/ws\n')
      expect(await ours.event('upnp:unmapped')).toMatchObject({ reason: 'the node no longer listens there' })
      expect(await box.next('deleted')).toMatchObject({ port: 4002, protocol: 'TCP' })
      await ours.event('address:lost', e => e.address === `/ip4/${OUTER}/tcp/4002/ws`)
      ours.child.kill('SIGTERM')
      expect(await box.next('deleted')).toMatchObject({ port: 4001, protocol: 'TCP' })
      await ours.ended
    }))

  it('may have given the port away already, or forward for ever only', () =>
    withRouter(async (us, router) => {
      const box = await gateway(router, { taken: [4001], permanentOnly: true })
      const ours = node(us)
      const { port, to, lease } = await box.next('added')
      expect({ to, lease }).toEqual({ to: '10.77.1.1:4001', lease: 0 })
      expect(port).not.toBe(4001)
      await ours.event('upnp:mapped', e => e.address === `/ip4/${OUTER}/tcp/${port}`)
    }))

  it.each<[string, Partial<GatewayConfig>, object]>([
    [
      'is behind another one',
      { outer: '192.168.0.7' },
      { cause: 'The router is behind another NAT: its own outer address 192.168.0.7 is a private one' },
    ],
    ['is not connected', { outer: '' }, { cause: /no address outside/ }],
    ['tells an address of IPv6', { outer: '2600::1' }, { cause: /no address outside/ }],
    ['does not want to', { refuses: 606 }, { cause: /does not allow this machine/, hint: /Allow UPnP/ }],
    ['says what nobody knows', { refuses: 799 }, { cause: 'The router refused (799 No)' }],
    ['leads elsewhere', { location: 'http://10.77.1.1:5000/desc.xml' }, { cause: /No router .* answered/ }],
    [
      'has no description',
      { location: 'http://10.77.1.2:5000/none.xml' },
      { cause: 'The router refused (404)' },
    ],
  ])('that %s: says so, and what to do', (_, config, failure) =>
    withRouter(async (us, router) => {
      await gateway(router, config)
      const told = await node(us).event('upnp:failed')
      for (const [field, text] of Object.entries(failure)) {
        if (text instanceof RegExp) expect(told[field]).toMatch(text)
        else expect(told[field]).toBe(text)
      }
      expect(told.hint).not.toBe('')
    }),
  )

  it.each<[string, Partial<GatewayConfig>, object]>([
    ['another host', { lies: 'redirects' }, { cause: /could not be asked/ }],
    ['a description without end', { lies: 'huge' }, { cause: /more than a gateway has to say/ }],
    ['a byte now and then', { lies: 'drips' }, { cause: 'The router did not answer in time' }],
    ['nothing', { lies: 'silent' }, { cause: 'The router did not answer in time' }],
    ['something that grows', { lies: 'compressed' }, { cause: /a form that was not asked for/ }],
    ['noise', { lies: 'binary' }, { cause: 'The router answered, but offers no forwarding of ports' }],
    ['loopback as its address', { outer: '127.0.0.1' }, { cause: /127\.0\.0\.1, which can be no router's/ }],
    ['multicast as its address', { outer: '239.1.2.3' }, { cause: /239\.1\.2\.3, which can be no router's/ }],
    ['broadcast as its address', { outer: '255.255.255.255' }, { cause: /which can be no router's/ }],
    ['a forwarding to another machine', { leadsTo: '10.77.1.9:22' }, { cause: /lists 10\.77\.1\.9:22/ }],
    ['a forwarding to another port', { leadsTo: '10.77.1.1:22' }, { cause: /lists 10\.77\.1\.1:22/ }],
    ['a forwarding that is not there', { leadsTo: '' }, { cause: /lists no such forwarding/ }],
  ])('that answers with %s: is found out, and nothing is announced', (_, config, failure) =>
    withRouter(async (us, router) => {
      const box = await gateway(router, config)
      const ours = node(us)
      const told = await ours.event('upnp:failed')
      for (const [field, text] of Object.entries(failure)) {
        if (text instanceof RegExp) expect(told[field]).toMatch(text)
        else expect(told[field]).toBe(text)
      }
      expect(ours.events().filter(({ type }) => type === 'upnp:mapped')).toEqual([])
      if (config.lies === 'huge') {
        // 256 KiB are read, and what the systems between have room for is sent.
        expect(Number((await box.next('cut off')).sent)).toBeLessThan(32 * 1024 * 1024)
      }
    }),
  )

  it('that would have us expand entities is taken at its word', () =>
    withRouter(async (us, router) => {
      await gateway(router, { lies: 'bomb' })
      expect(await node(us).event('upnp:mapped')).toMatchObject({ gateway: '&j;' })
    }))

  it('that answers ten thousand times is asked twice', () =>
    withRouter(async (us, router) => {
      const liar = await gateway(router, { floods: 10_000 })
      expect((await node(us).event('upnp:failed')).cause).toBe('The router did not answer in time')
      expect(liar.lines.filter(({ type }) => type === 'asked')).toHaveLength(2)
    }))

  it('that answers more often than there is room for hides no other', () =>
    withRouter(async (us, router) => {
      await router.run('ip addr add 10.77.1.3/24 dev eth0')
      await gateway(router, { floods: 20, sender: '10.77.1.2' })
      await gateway(router, { host: '10.77.1.3', sender: '10.77.1.3' })
      expect(await node(us).event('upnp:mapped')).toMatchObject({ address: `/ip4/${OUTER}/tcp/4001` })
    }))

  it('gets another address outside, goes away and comes back: each is noticed as mappings are renewed', () =>
    withRouter(async (us, router) => {
      const box = await gateway(router)
      const mapper = new Actor(us.node(MAPPER, [JSON.stringify(['/ip4/10.77.1.1/tcp/4001/p2p/x'])]))
      const passes = async () => {
        await mapper.next('waits')
        mapper.tell({ pass: true })
      }
      expect(await mapper.next('upnp:mapped')).toMatchObject({ address: `/ip4/${OUTER}/tcp/4001` })
      await box.next('added')
      await passes()
      await box.next('added')
      box.tell({ outer: '11.8.8.8' })
      await box.next('changed')
      await passes()
      expect(await mapper.next('upnp:unmapped')).toMatchObject({ address: `/ip4/${OUTER}/tcp/4001` })
      expect(await mapper.next('upnp:mapped')).toMatchObject({ address: '/ip4/11.8.8.8/tcp/4001' })
      expect(mapper.lines.filter(({ type }) => type === 'upnp:mapped')).toHaveLength(2)
      box.tell({ refuses: 501 })
      await box.next('changed')
      await passes()
      expect(await mapper.next('upnp:failed')).toMatchObject({ cause: 'The router refused (501 No)' })
      expect(await mapper.next('upnp:unmapped')).toMatchObject({ reason: 'The router refused (501 No)' })
      // The same refusal again is not told again.
      await passes()
      await mapper.next('waits')
      expect(mapper.lines.filter(({ type }) => type === 'upnp:failed')).toHaveLength(1)
      box.tell({ refuses: 0 })
      await box.next('changed')
      mapper.tell({ pass: true })
      expect(await mapper.next('upnp:mapped')).toMatchObject({ address: '/ip4/11.8.8.8/tcp/4001' })
    }))

  it('that answers from outside of our network is none: anybody could have written that sender', () =>
    withRouter(async (us, router) => {
      await router.run('ip addr add 11.5.5.5/32 dev eth0')
      await us.run('ip route add 11.5.5.5/32 via 10.77.1.2')
      const box = await gateway(router, { host: '11.5.5.5', sender: '11.5.5.5' })
      const ours = node(us)
      await box.next('searched')
      expect((await ours.event('upnp:failed')).cause).toMatch(/No router .* answered/)
    }))

  it('that is not there, or has nothing to forward', () =>
    withRouter(async (us, router) => {
      expect(await node(us).event('upnp:failed')).toMatchObject({
        cause: 'No router that forwards ports (UPnP) answered on the local network',
        hint: "Turn UPnP on in the router's settings, or forward a port there by hand and use --announce",
      })
      await gateway(router)
      expect((await node(us, '/ip4/127.0.0.1/tcp/4005').event('upnp:failed')).cause).toMatch(
        /no port to forward/,
      )
    }))
})
