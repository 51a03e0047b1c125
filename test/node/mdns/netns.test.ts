import { fileURLToPath } from 'node:url'
import { decode, encode } from 'dns-packet'
import { expect, it } from 'vitest'
import { resolve } from '../../support/mdns-demands.ts'
import { ANN, BEN, CID } from '../../support/mdns-peers.ts'
import {
  describeInNetns,
  type Host,
  withHost,
  withLab,
  withThreeHosts,
  withTwoHosts,
} from '../../support/netns.ts'
import { Actor, type ActorLine } from '../../support/netns-actor.ts'

const fixture = (name: string) => fileURLToPath(new URL(`fixtures/${name}`, import.meta.url))

async function started(actor: Actor): Promise<Actor> {
  await actor.next('started')
  return actor
}

function node(host: Host, peerId: string, options: object = {}): Promise<Actor> {
  const config = JSON.stringify({ peerId, port: 4001, ...options })
  return started(new Actor(host.node(fixture('node.ts'), [config])))
}

function wire(host: Host, options: object = {}): Promise<Actor> {
  const config = JSON.stringify({ address: '127.0.0.1', ...options })
  return started(new Actor(host.node(fixture('wire.ts'), [config])))
}

const of = (peerId: string) => (line: ActorLine) => line.peerId === peerId
const bytes = ({ hex }: ActorLine) => decode(Buffer.from(String(hex), 'hex'))
const announcementOf = (peerId: string) =>
  encode({
    type: 'response',
    answers: [{ type: 'PTR', name: '_p2p._udp.local', ttl: 120, data: 'x._p2p._udp.local' }],
    additionals: [
      {
        type: 'TXT',
        name: 'x._p2p._udp.local',
        ttl: 120,
        data: `dnsaddr=/ip4/127.0.0.1/tcp/9/p2p/${peerId}`,
      },
    ],
  })
const peersIn = (actor: Actor) =>
  new Set(actor.lines.flatMap(line => (line.type === 'heard' ? [line.peerId] : [])))

describeInNetns('on one host', () => {
  it('two nodes on 127.0.0.1 hear each other at once, and the goodbye of one', () =>
    withHost(
      async host => {
        // They ask again after a minute only: the first exchange must do.
        const only = { hosts: ['127.0.0.1'], queryIntervalMs: 60_000 }
        const ann = await node(host, ANN, { ...only, port: 4001 })
        const ben = await node(host, BEN, { ...only, port: 4002 })
        expect(await ben.next('heard', of(ANN))).toMatchObject({
          addresses: ['/ip4/127.0.0.1/tcp/4001'],
          ttlMs: 120_000,
        })
        expect(await ann.next('heard', of(BEN))).toMatchObject({ addresses: ['/ip4/127.0.0.1/tcp/4002'] })

        ben.tell({ listen: 4003 })
        await ann.next('heard', line => String(line.addresses).includes('4003'))
        ben.tell({ stop: true })
        const stopped = await ben.next('stopped')
        expect(stopped.tookMs).toBeLessThan(200)
        expect(stopped.sockets).toBe(0)
        expect(await ann.next('left')).toMatchObject({ peerId: BEN })
        expect(peersIn(ann)).toEqual(new Set([BEN]))
      },
      { multicast: false },
    ))

  it('the cable may be out: nodes that listen on a network hear each other over loopback', () =>
    withTwoHosts(async (host, other) => {
      await other.run('ip link set eth0 down')
      await host.run('ip link set eth0 down')
      const ann = await node(host, ANN)
      const ben = await node(host, BEN)
      await Promise.all([ann.next('heard', of(BEN)), ben.next('heard', of(ANN))])
      expect(await ann.next('problem')).toMatchObject({
        cause: expect.stringContaining('No network but loopback'),
      })
      await Promise.all([other.run('ip link set eth0 up'), host.run('ip link set eth0 up')])
      await ann.next('recovered')
    }))

  it('js-libp2p and we hear each other', () =>
    withHost(async host => {
      const ann = await node(host, ANN)
      const config = JSON.stringify({ peerId: BEN, addresses: [`/ip4/127.0.0.1/tcp/4002/p2p/${BEN}`] })
      const stock = await started(new Actor(host.node(fixture('stock.ts'), [config])))
      expect(await stock.next('heard', of(ANN))).toMatchObject({
        addresses: expect.arrayContaining(['/ip4/127.0.0.1/tcp/4001']),
      })
      // It announces nothing unasked; our third question, 3 s after our start, is the last that it may hear.
      expect(await ann.next('heard', of(BEN))).toMatchObject({ addresses: ['/ip4/127.0.0.1/tcp/4002'] })
    }))

  it('python-zeroconf resolves us completely, and sees us go', async context => {
    await withHost(async host => {
      const python = new Actor(host.spawn('/usr/bin/python3', [fixture('resolve.py')]))
      const up = await started(python).catch((error: Error) => error)
      if (up instanceof Error) {
        if (process.env.CI || !up.message.includes('zeroconf')) throw up
        context.skip("python-zeroconf is missing (Debian's python3-zeroconf)")
      }
      const ann = await node(host, ANN)
      const found = await python.next('resolved')
      expect(found).toMatchObject({
        name: expect.stringMatching(/^[0-9a-f]{32}\._p2p\._udp\.local\.$/),
        server: expect.stringMatching(/^[0-9a-f]{32}\.local\.$/),
        port: 4001,
        addresses: expect.arrayContaining(['127.0.0.1']),
        strings: expect.arrayContaining([`dnsaddr=/ip4/127.0.0.1/tcp/4001/p2p/${ANN}`]),
      })
      ann.tell({ stop: true })
      expect(await python.next('removed')).toMatchObject({ name: found.name })
    })
  })

  it('puts on the wire what Rust and Go demand: when it announces itself, when it is asked and when it leaves', () =>
    withHost(async host => {
      const network = await wire(host)
      const ann = await node(host, ANN, { queryIntervalMs: 60_000, hosts: ['127.0.0.1'] })
      const response = async () => bytes(await network.next('group', line => bytes(line).type === 'response'))
      // All that it says unasked: at the start, 1 s and 3 s later. What comes next is an answer.
      const announced = resolve(await response(), 120)
      expect(announced).toEqual({
        name: expect.stringMatching(/^[0-9a-f]{32}\._p2p\._udp\.local$/),
        host: expect.stringMatching(/^[0-9a-f]{32}\.local$/),
        port: 4001,
        multiaddrs: [`/ip4/127.0.0.1/tcp/4001/p2p/${ANN}`],
        ipv4: ['127.0.0.1'],
        ipv6: ['::1'],
      })
      for (let again = 0; again < 2; again++) expect(resolve(await response(), 120)).toEqual(announced)

      const question = encode({ id: 7, questions: [{ type: 'PTR', name: '_p2p._udp.local' }] })
      network.tell({ send: question.toString('hex') })
      expect(resolve(await response(), 120)).toEqual(announced)

      ann.tell({ stop: true })
      expect(resolve(await response(), 0)).toEqual(announced)
    }))

  it('answers who asks from another port by multicast, as Rust needs, and by unicast, as plain DNS does', () =>
    withHost(async host => {
      const network = await wire(host)
      await node(host, ANN, { queryIntervalMs: 60_000 })
      const names = ['_p2p._udp.local', '_services._dns-sd._udp.local']
      const question = encode({ id: 77, questions: names.map(name => ({ type: 'PTR', name })) })
      network.tell({ send: question.toString('hex'), from: 'other' })
      const direct = bytes(await network.next('unicast'))
      expect(direct).toMatchObject({ id: 77, questions: names.map(name => ({ name })) })
      expect(direct.answers).toMatchObject(names.map(name => ({ type: 'PTR', name, ttl: 10 })))

      // What it announces unasked does not hold the second name.
      const answer = await network.next('group', line => {
        const { type, answers } = bytes(line)
        return type === 'response' && answers?.length === 2
      })
      expect(bytes(answer)).toMatchObject({ id: 0, flag_aa: true, questions: [] })
      expect(bytes(answer).answers).toMatchObject(names.map(name => ({ type: 'PTR', name, ttl: 120 })))
      expect(answer.port).toBe(5353)
    }))

  it('answers a flood of questions a few times at once, then once a second', () =>
    withHost(async host => {
      const network = await wire(host)
      const ann = await node(host, ANN, { queryIntervalMs: 60_000 })
      const names = ['_p2p._udp.local', '_services._dns-sd._udp.local']
      const question = encode({ questions: names.map(name => ({ type: 'PTR', name })) }).toString('hex')
      for (let asked = 0; asked < 60; asked++) network.tell({ send: question })
      network.tell({ send: announcementOf(CID).toString('hex') })
      await ann.next('heard', of(CID))
      const responses = () =>
        network.lines.filter(line => line.type === 'group' && bytes(line).type === 'response')
      const answers = () => responses().filter(line => bytes(line).answers?.length === 2)
      await network.next('group', line => line.hex === announcementOf(CID).toString('hex'))
      // What was put off comes as one announcement.
      await network.next(
        'group',
        line => bytes(line).type === 'response' && bytes(line).answers?.length === 1,
      )
      expect(answers().length).toBeGreaterThan(0)
      expect(answers().length).toBeLessThanOrEqual(3)
    }))

  it('lives through malformed packets, and hears the next good one, from whatever port', () =>
    withHost(async host => {
      const network = await wire(host)
      const ann = await node(host, ANN)
      const good = announcementOf(CID)
      const bad = [
        '',
        '00',
        'ff'.repeat(1500),
        `000084000000ffff0000ffff${'c00c'.repeat(200)}`,
        good.subarray(0, -10).toString('hex'),
        good
          .toString('hex')
          .replace(Buffer.from(CID).toString('hex'), '1b5b33316d'.padEnd(CID.length * 2, '00')),
      ]
      for (const send of bad) network.tell({ send })
      // From a port other than 5353, as rust-libp2p sends everything.
      network.tell({ send: good.toString('hex'), from: 'other' })
      await ann.next('heard', of(CID))
      expect(peersIn(ann)).toEqual(new Set([CID]))
    }))

  it('lives through a question from port 0, to which nothing can be sent', () =>
    withHost(async host => {
      const network = await wire(host)
      const ann = await node(host, ANN)
      await host.run(`/usr/bin/python3 ${fixture('port-zero.py')}`)
      network.tell({ send: announcementOf(CID).toString('hex') })
      await ann.next('heard', of(CID))
    }))
})

describeInNetns('between hosts', () => {
  it('hears over a cable; a peer that was killed comes back on another port', () =>
    withTwoHosts(async (left, right) => {
      const ann = await node(left, ANN)
      const ben = await node(right, BEN)
      const heard = await ann.next('heard', of(BEN))
      // Loopback addresses of another machine would lead to our own.
      expect(new Set(heard.addresses as string[])).toEqual(
        new Set(['/ip4/10.77.1.2/tcp/4001', '/ip6/fd77:1::2/tcp/4001']),
      )
      await ben.next('heard', of(ANN))
      ben.kill('SIGKILL')
      await ben.end()
      await node(right, BEN, { port: 4002 })
      const again = await ann.next('heard', line => String(line.addresses).includes('4002'))
      expect(String(again.addresses)).not.toContain('4001')
      expect(ann.lines.some(({ type }) => type === 'problem')).toBe(false)
    }))

  // One family at a time: the other would carry what this one loses.
  it.each([
    {
      family: 'IPv4',
      only: { ipv6: false },
      towards: ['/ip4/10.77.1.2/tcp/4001', '/ip4/10.77.2.1/tcp/4001'],
    },
    {
      family: 'IPv6',
      only: { ipv4: false },
      towards: ['/ip6/fd77:1::2/tcp/4001', '/ip6/fd77:2::1/tcp/4001'],
    },
  ])(
    '$family: a host in the middle is heard by both sides, by the address that each can reach, and hears both',
    ({ only, towards }) =>
      withThreeHosts(async (left, middle, right) => {
        const [ann, ben, cid] = await Promise.all([node(left, ANN), node(middle, BEN), node(right, CID)])
        const heard = await Promise.all([ann.next('heard', of(BEN)), cid.next('heard', of(BEN))])
        expect(heard.map(({ addresses }) => addresses)).toEqual(towards.map(address => [address]))
        while (peersIn(ben).size < 2) await ben.next('heard')
        ben.tell({ stop: true })
        await Promise.all([ann.next('left', of(BEN)), cid.next('left', of(BEN))])
        expect(peersIn(ann)).toEqual(new Set([BEN]))
      }, only),
  )

  it('follows a cable that is laid later', () =>
    withLab(async lab => {
      const [left, right] = await Promise.all([lab.host(), lab.host()])
      const ann = await node(left, ANN)
      const ben = await node(right, BEN)
      await lab.connect(left, right)
      await Promise.all([ann.next('heard', of(BEN)), ben.next('heard', of(ANN))])
    }))
})

describeInNetns('where multicast does not work', () => {
  it('says that port 5353 is taken, and when it is free again', () =>
    withTwoHosts(async host => {
      const taker = await wire(host, { address: '10.77.1.1', reuseAddr: false })
      const ann = await node(host, ANN)
      expect(await ann.next('problem')).toMatchObject({
        cause: 'UDP port 5353 is taken by a program that does not share it',
        hint: expect.stringContaining('ss -ulpn'),
      })
      taker.tell({ close: true })
      await ann.next('recovered')
    }))

  it('says that no interface is up, and when one is', () =>
    withLab(async lab => {
      const [left, right] = await Promise.all([lab.host({ loopback: false }), lab.host()])
      const ann = await node(left, ANN)
      expect(await ann.next('problem')).toMatchObject({
        cause: expect.stringContaining('No network interface'),
      })
      await lab.connect(left, right)
      await ann.next('recovered')
    }))
})
