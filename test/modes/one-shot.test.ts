import { describe, expect, it } from 'vitest'
import { parseLine } from '../../src/commands/line/parse.ts'
import { runOneShot } from '../../src/modes/one-shot.ts'
import { oneShotNode } from '../../src/modes/one-shot-node.ts'
import { toSettings } from '../../src/modes/options/settings.ts'
import { startFakePort } from '../../src/node/fake/fake-port.ts'
import { ManualClock } from '../support/manual-clock.ts'
import { FakeIo } from '../support/mode-io.ts'
import { ANNA, text } from '../support/swarms.ts'

function shotOf(line: string, json = false) {
  const parsed = parseLine(line, 'oneShot')
  if (parsed?.ok !== true) throw new Error(parsed?.error.failure.cause)
  return {
    command: parsed.command,
    args: parsed.args,
    json,
    asked: { bootstrap: [], relays: [], autonat: false, upnp: false },
  }
}

async function start(lineFor: (address: string) => string, json = false) {
  const clock = new ManualClock()
  const io = new FakeIo(clock)
  const fake = startFakePort({ clock, lively: false })
  await io.until(() => fake.state().peers.size > 5)
  const neighbour = [...fake.state().peers.values()].find(({ addresses }) =>
    addresses[0]?.startsWith('/ip4/192.168.1.21/'),
  )
  const address = `${neighbour?.addresses[0]}/p2p/${neighbour?.peerId}`
  const ended = runOneShot(fake.port, shotOf(lineFor(address), json), io)
  return { io, ended, fake, clock, peerId: neighbour?.peerId ?? '' }
}

describe('one command', () => {
  it('prints its answer, stops the node and is done', async () => {
    const { io, ended, fake, peerId } = await start(address => `dial ${address}`)
    expect(await io.passing(ended)).toBe(0)
    expect(io.out.lines).toEqual([expect.stringContaining(`connected to ${peerId}`)])
    expect(fake.state().node.status).toBe('stopped')
    expect(io.signals.eventNames()).toEqual([])
  })

  it('prints data with --json', async () => {
    const { io, ended, peerId } = await start(address => `ping ${address} -c 2 -i 0.1`, true)
    expect(await io.passing(ended)).toBe(0)
    const data = io.out.lines.map(line => JSON.parse(line))
    expect(data.map(({ type }) => type)).toEqual(['ping:succeeded', 'ping:succeeded', 'ping:statistics'])
    expect(data[0]).toMatchObject({ peerId, number: 1, rttMs: expect.any(Number) })
    expect(data[2]).toMatchObject({ peerId, sent: 2, received: 2, lossRatio: 0 })
  })

  it('fails with the reason on stderr, or as data', async () => {
    const inWords = await start(() => 'dial nobody')
    expect(await inWords.io.passing(inWords.ended)).toBe(1)
    expect(inWords.io.err.lines).toEqual([
      expect.stringMatching(/^p2p-tui dial: "nobody" was not heard within 10 s \(at target\)\. Give/),
    ])
    const asData = await start(() => 'dial nobody', true)
    expect(await asData.io.passing(asData.ended)).toBe(1)
    expect(JSON.parse(asData.io.err.text)).toMatchObject({
      v: 1,
      type: 'failed',
      verb: 'dial',
      target: 'nobody',
      stage: 'target',
    })
    expect(asData.io.out.text).toBe('')
  })

  it('sums up pings when interrupted', async () => {
    const { io, ended } = await start(address => `ping ${address}`)
    await io.until(() => io.out.lines.length > 2)
    io.signals.emit('SIGINT')
    expect(await io.passing(ended)).toBe(130)
    expect(io.out.lines.at(-1)).toContain('0 % lost')
    expect(io.err.text).toBe('')
  })

  it('ends when interrupted before anything was done', async () => {
    const { io, ended } = await start(() => 'dial nobody')
    io.signals.emit('SIGTERM')
    expect(await io.passing(ended)).toBe(143)
    expect(io.err.text).toBe('')
  })

  it('ends when its reader goes away', async () => {
    const { io, ended } = await start(address => `ping ${address}`)
    await io.until(() => io.out.lines.length > 0)
    io.out.break()
    expect(await io.passing(ended)).toBe(0)
  })

  it('says why the node did not start', async () => {
    const io = new FakeIo(new ManualClock())
    const failure = { stage: 'start', cause: text('No key'), hint: text('Make one') } as const
    const port = {
      request: () => new Promise<never>(() => {}),
      stop: async () => {},
      ended: Promise.resolve({ how: 'failed', failure } as const),
      subscribe: () => ({ next: async () => undefined, close: () => {} }),
    }
    expect(await io.passing(runOneShot(port, shotOf('discover'), io))).toBe(1)
    expect(io.err.lines).toEqual(['p2p-tui discover: No key (at start). Make one'])
  })
})

describe('the node for one command', () => {
  const nodeFor = (line: string, given = {}) => oneShotNode(toSettings([given], false), shotOf(line))

  it('is nobody, listens nowhere, and hears only when it must', () => {
    expect(nodeFor('ping /ip4/1.2.3.4/tcp/1')).toMatchObject({
      ephemeral: true,
      listen: [],
      mdns: false,
      autoDial: false,
      pingIntervalMs: 0,
    })
    expect(nodeFor('discover').mdns).toBe(true)
    expect(nodeFor(`dial ${ANNA}`).mdns).toBe(true)
    expect(nodeFor(`dial /p2p/${ANNA}`).mdns).toBe(true)
    expect(nodeFor('discover', { mdns: false }).mdns).toBe(false)
  })

  it('is who and where it was told to be', () => {
    const listen = ['/ip4/127.0.0.1/tcp/0']
    expect(nodeFor('discover', { profile: 'work', listen })).toMatchObject({
      ephemeral: false,
      profile: 'work',
      listen,
    })
    expect(nodeFor('discover', { profile: 'work', ephemeral: true }).ephemeral).toBe(true)
  })

  it('asks those on the local network where it knows nobody of the DHT, but for the public one', () => {
    const find = `find ${ANNA}`
    expect(nodeFor(find, { dht: 'lan' })).toMatchObject({ mdns: true, autoDial: true, listen: [] })
    const bootstrap = ['/ip4/127.0.0.1/tcp/1']
    expect(nodeFor(find, { dht: 'lan', bootstrap })).toMatchObject({ mdns: false, autoDial: false })
    expect(nodeFor(find, { dht: 'lan', mdns: false })).toMatchObject({ mdns: false, autoDial: false })
    expect(nodeFor(find, { public: true })).toMatchObject({ mdns: false, autoDial: false })
  })

  it('reaches out only in the ways that the verb is about', () => {
    const asked = {
      relay: ['/ip4/127.0.0.1/tcp/1'],
      upnp: true,
      autonat: true,
      listen: ['/ip4/127.0.0.1/tcp/0'],
    }
    expect(nodeFor(`dial ${ANNA}`, asked)).toMatchObject({ relays: [], upnp: false, autonat: false })
    expect(nodeFor('relays', asked)).toMatchObject({
      relays: [],
      upnp: true,
      autonat: true,
      listen: asked.listen,
    })
  })

  it('has no network for the address book of the profile', () => {
    const given = { dht: 'lan', relayServer: true, upnp: true, bootstrap: ['/ip4/127.0.0.1/tcp/1'] }
    for (const line of ['peers', 'name Anna', 'keep Anna', 'forget Anna']) {
      const node = nodeFor(line, given)
      expect(node).toMatchObject({
        offline: true,
        ephemeral: false,
        mdns: false,
        listen: [],
        bootstrap: [],
        upnp: false,
      })
      expect(node.dht).toBeUndefined()
      expect(node.relayServer).toBeUndefined()
    }
  })
})
