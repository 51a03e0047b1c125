import { expect, it } from 'vitest'
import { describeInNetns, type Host, withHost } from '../support/netns.ts'
import { PipedProgram } from '../support/program.ts'

const HELLO = 'bafkreifzjut3te2nhyekklss27nh3k72ysco7y32koao5eei66wof36n5e'

function startNode(host: Host, ...args: string[]) {
  return new PipedProgram(['--headless', '--json', '--ephemeral', ...args], { host })
}

describeInNetns('the DHT of the local network', () => {
  it('joins nodes that hear each other, and finds between those that never met', () =>
    withHost(async host => {
      const middle = startNode(host, '--dht', 'lan', '--dht-server')
      const { peerId } = await middle.event('node:started')
      const one = startNode(host, '--dht', 'lan')
      expect(await one.event('routing:added')).toMatchObject({ peerId })
      one.child.stdin?.write('provide hello world\n')
      expect(await one.event('providing:updated')).toMatchObject({ cid: HELLO, peers: 1 })
      const { peerId: provider } = await one.event('node:started')

      const other = startNode(host, '--dht', 'lan')
      expect(await other.event('routing:added')).toMatchObject({ peerId })
      other.child.stdin?.write(`providers ${HELLO}\n`)
      // Two clients: each has asked the server, which the local network made known, and neither the other.
      const found = await other.event('query:found')
      expect(found).toMatchObject({ query: 'providers', peerId: provider })
      expect(found.addresses).not.toEqual([])
    }))
})
