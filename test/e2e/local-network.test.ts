import { expect, it } from 'vitest'
import { describeInNetns, type Host, withHost, withTwoHosts } from '../support/netns.ts'
import { emptyHome, PipedProgram } from '../support/program.ts'

function startNode(host: Host, args: string[] = []) {
  return new PipedProgram(['--headless', '--json', '--ephemeral', ...args], { host })
}

/** The second warm ping that was answered: one interval after the first. */
function secondWarmPing(node: PipedProgram) {
  const isWarm = ({ type, cold }: Record<string, unknown>) => type === 'ping:succeeded' && cold === false
  return node.event('ping:succeeded', ({ seq }) => node.events().filter(isWarm)[1]?.seq === seq)
}

describeInNetns('nodes on one network', () => {
  it('on one machine find each other, and one that leaves is gone at once', () =>
    withHost(async host => {
      const left = startNode(host)
      const { peerId: leftId } = await left.event('node:started')
      const right = startNode(host)
      const { peerId: rightId, time: startedAt } = await right.event('node:started')
      const found = await left.event('peer:discovered', ({ peerId }) => peerId === rightId)
      expect(found).toMatchObject({ source: 'mdns' })
      expect(Number(found.time) - Number(startedAt)).toBeLessThan(1000)
      expect(found.addresses).not.toEqual([])
      await right.event('peer:discovered', ({ peerId }) => peerId === leftId)
      right.child.kill('SIGTERM')
      const expired = await left.event('peer:expired')
      expect(expired).toMatchObject({ peerId: rightId, reason: 'goodbye', source: 'mdns' })
    }))

  it('on two machines: discovered, expired after a kill, back on another port after a restart, dialed by Peer ID', () =>
    withTwoHosts(async (here, there) => {
      const home = emptyHome()
      const restartable = (): PipedProgram =>
        new PipedProgram(['--headless', '--json'], { host: there, home })
      const node = startNode(here, ['--mdns-ttl', '3'])
      const first = restartable()
      const { peerId } = await first.event('node:started')
      const heard = await node.event('peer:discovered', event => event.peerId === peerId)

      first.child.kill('SIGKILL')
      const expired = await node.event('peer:expired', event => event.peerId === peerId)
      expect(expired).toMatchObject({ reason: 'ttl', addresses: heard.addresses })

      const second = restartable()
      expect((await second.event('node:started')).peerId).toBe(peerId)
      const again = await node.event('peer:discovered', ({ seq }) => Number(seq) > Number(expired.seq))
      expect(again).toMatchObject({ peerId, source: 'mdns' })
      expect(again.addresses).not.toEqual(heard.addresses)

      node.child.stdin?.write(`dial ${peerId}\n`)
      expect(await node.event('connection:opened')).toMatchObject({ peerId, direction: 'outbound' })
    }))

  it('with --auto-dial end with one connection a pair', () =>
    withTwoHosts(async (here, there) => {
      // The second ping comes after the 3 s that one of the two leaves to the other before it dials itself.
      const args = ['--auto-dial', '--ping-interval', '4']
      const nodes = [startNode(here, args), startNode(there, args)]
      await Promise.all(nodes.map(secondWarmPing))
      const opened = nodes.map(
        node => node.events().filter(({ type }) => type === 'connection:opened').length,
      )
      expect(opened).toEqual([1, 1])
    }))

  it('says why discovery does not work instead of showing nobody', () =>
    withHost(
      async host => {
        const node = startNode(host)
        const warning = await node.event('warning:raised', ({ topic }) => topic === 'mdns')
        expect(warning.cause).not.toBe('')
        expect(warning.hint).not.toBe('')
      },
      { loopback: false },
    ))
})
