import { describe, expect, it } from 'vitest'
import { CommandRun } from '../support/command-run.ts'
import { failureOf } from '../support/failures.ts'

/** A neighbour who answers, as the fake network has them. */
async function withNeighbour(place: 'screen' | 'lines' | 'oneShot' = 'screen') {
  const run = await new CommandRun(place).ready()
  const peer = [...run.fake.state().peers.values()].find(({ addresses }) =>
    addresses[0]?.startsWith('/ip4/192.168.1.21/'),
  )
  if (peer === undefined) throw new Error('nobody lives there')
  run.selected = peer.peerId
  return { run, peerId: peer.peerId, address: `${peer.addresses[0]}/p2p/${peer.peerId}` }
}

describe('dial', () => {
  it('connects to the selected peer, and says so when it was connected already', async () => {
    const { run, peerId } = await withNeighbour()
    await run.run('dial @')
    expect(connectedPeers(run)).toContain(peerId)
    await run.run('dial @')
    expect(run.lines[0]).toMatch(/^connected to ….{8} in [\d.]+ ms over \/ip4\/[^p]+tcp\/\d+$/)
    expect(run.lines[1]).toMatch(/^already connected to …/)
    expect(run.replies[0]?.data).toMatchObject({ type: 'dial:succeeded', peerId, existing: false })
  })

  it('fails with the stage, the cause and what to try', async () => {
    const { run } = await withNeighbour()
    const failure = await failureOf(() => run.run('dial nobody'))
    expect(failure).toMatchObject({ stage: 'target', cause: 'No known peer is called "nobody"' })
  })

  it('waits for a peer to be heard when the program was started for it', async () => {
    const { run, peerId } = await withNeighbour('oneShot')
    await run.run(`dial ${peerId}`)
    expect(run.replies[0]?.data).toMatchObject({ peerId })
    const { cause } = await failureOf(() => run.run('dial nobody'))
    expect(cause).toBe('"nobody" was not heard within 3 s')
  })

  it('ends at once when the person cancels', async () => {
    const { run } = await withNeighbour()
    const dialing = run.start('dial /ip4/192.0.2.1/tcp/4001')
    dialing.catch(() => {})
    await run.clock.advanceAsync(50, 10)
    run.cancel.abort()
    expect(await failureOf(() => dialing)).toMatchObject({ cause: 'Cancelled' })
  })
})

describe('ping', () => {
  it('pings once, connecting first', async () => {
    const { run, peerId, address } = await withNeighbour()
    await run.run(`ping ${address}`)
    expect(connectedPeers(run)).toContain(peerId)
    expect(run.lines).toHaveLength(1)
    expect(run.lines[0]).toMatch(/^….{8} answered in [\d.]+ ms/)
  })

  it('ends a series with what people know from ping', async () => {
    const { run, peerId } = await withNeighbour()
    await run.run('ping @ -c 4 -i 0.5')
    expect(run.lines).toHaveLength(5)
    expect(run.lines[4]).toMatch(
      /4 sent, 4 received, 0 % lost in 1\.\d s · min\/avg\/max\/mdev .* \/ .* \/ .* \/ .* · p95 .* · jitter /,
    )
    expect(run.replies[4]?.data).toMatchObject({
      type: 'ping:statistics',
      peerId,
      sent: 4,
      received: 4,
      lossRatio: 0,
    })
  })

  it('goes on until cancelled as a program of its own, and sums up then', async () => {
    const { run, peerId } = await withNeighbour('oneShot')
    const pinging = run.start(`ping ${peerId}`)
    await run.clock.advanceAsync(3500, 10)
    run.cancel.abort()
    await run.passing(pinging)
    expect(run.lines.filter(line => line.includes('answered in')).length).toBeGreaterThan(2)
    expect(run.lines.at(-1)).toContain('0 % lost')
  })

  it('tells losses with their cause, and fails when nothing was answered', async () => {
    const { run, peerId } = await withNeighbour()
    await run.run('dial @')
    run.replies.length = 0
    const real = run.port.request
    run.port.request = ((kind, params, options) =>
      kind === 'ping'
        ? real.call(run.port, 'ping', { peerId: 'nobody' }, options)
        : real.call(run.port, kind, params, options)) as typeof real
    const failure = await failureOf(() => run.run(`ping ${peerId} -c 2 -i 0.1`))
    expect(run.lines.slice(0, 2).every(line => /ping \d lost: ./.test(line))).toBe(true)
    expect(run.lines[2]).toContain('2 sent, 0 received, 100 % lost')
    expect(failure.hint).not.toBe('')
  })

  it('--keep goes on in the background until --stop', async () => {
    const { run, peerId } = await withNeighbour()
    await run.run('ping @ --keep')
    expect(run.fake.state().peers.get(peerId)?.pingIntervalMs).toBe(1000)
    await run.run('ping @ --stop')
    expect(run.fake.state().peers.get(peerId)?.pingIntervalMs).toBeUndefined()
    expect(run.lines[0]).toContain('once a second')
    expect(run.lines[1]).toContain('no longer')
  })
})

describe('hangup', () => {
  it('closes the connections, and fails when there was none', async () => {
    const { run, peerId } = await withNeighbour()
    await run.run('dial @')
    await run.run('hangup @')
    expect(connectedPeers(run)).not.toContain(peerId)
    expect(run.lines[1]).toContain('1 connection closed')
    expect((await failureOf(() => run.run('hangup @'))).cause).toContain('no connection to this peer')
  })

  it('needs to know whom', async () => {
    const { run } = await withNeighbour()
    expect((await failureOf(() => run.run('hangup /ip4/1.2.3.4/tcp/1'))).hint).toContain('Peer ID')
  })
})

describe('what the node tells of itself', () => {
  it('id, listen and peers', async () => {
    const { run } = await withNeighbour('lines')
    const { node } = run.fake.state()
    await run.run('id')
    expect(run.lines[0]).toContain(node.peerId)
    await run.run('listen')
    expect(run.lines[1]).toContain(node.listening[0])
    await run.run('listen /ip4/127.0.0.1/tcp/4999')
    expect(run.lines[2]).toContain('/ip4/127.0.0.1/tcp/4999')
    run.replies.length = 0
    await run.run('peers 192.168.1.21')
    expect(run.lines).toHaveLength(2)
    expect(run.lines[0]).toContain('/ip4/192.168.1.21/')
    expect(run.lines[1]).toMatch(/^1 peer: 0 connected, 1 heard/)
  })

  it('help without a screen is lines', async () => {
    const run = new CommandRun('lines')
    await run.run('help')
    expect(run.lines.some(line => line.startsWith('ping <target>'))).toBe(true)
    expect(run.lines.some(line => line.startsWith('sort'))).toBe(false)
    run.replies.length = 0
    await run.run('help ping')
    expect(run.lines.join('\n')).toContain('--count')
  })

  it('discover tells each peer once, and counts them', async () => {
    const { run, peerId } = await withNeighbour('oneShot')
    await run.run('discover -t 2')
    expect(run.lines.filter(line => line.includes(peerId))).toHaveLength(1)
    expect(run.lines.at(-1)).toMatch(/^\d+ peers heard in 2 s$/)
  })
})

describe('on the screen', () => {
  it('filter sets the focused pane, and warns of what is likely a mistake', async () => {
    const run = new CommandRun()
    await run.run('filter rtt>20')
    expect(run.screen.peers.filter).toBe('rtt>20')
    await run.run('filter stat:heard')
    expect(run.lines[0]).toContain('did you mean state:')
    await run.run('filter')
    expect(run.screen.peers.filter).toBe('')
  })

  it('sort goes to the next column, to a named one, and turns round', async () => {
    const run = new CommandRun()
    await run.run('sort')
    expect(run.screen.peers.sort).toEqual({ column: 'agent', descending: false })
    await run.run('sort rtt')
    await run.run('sort reverse')
    expect(run.screen.peers.sort).toEqual({ column: 'rtt', descending: true })
    await run.run('sort heard')
    await run.run('sort next')
    expect(run.screen.peers.sort).toEqual({ column: 'state', descending: false })
  })

  it('copy takes an address that others can dial', async () => {
    const { run, address } = await withNeighbour()
    await run.run('copy @')
    await run.run('copy')
    expect(run.copied[0]).toBe(address)
    expect(run.copied[1]).toMatch(/^\/ip4\/192\.168\..*\/p2p\/12D3/)
  })

  it('clear, help, peers and quit', async () => {
    const run = new CommandRun()
    await run.run('clear')
    expect(run.screen.log.clearedTo).toBe(42)
    await run.run('help dial')
    expect(run.screen.overlays).toEqual([{ kind: 'help', topic: 'dial', scroll: 0 }])
    await run.run('peers state:heard')
    expect(run.screen).toMatchObject({ focus: 'peers', peers: { filter: 'state:heard' } })
    await run.run('quit')
    expect(run.quits).toBe(1)
  })
})

function connectedPeers({ fake }: CommandRun): string[] {
  return [...fake.state().connections.values()].map(({ peerId }) => peerId)
}
