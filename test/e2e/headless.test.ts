import { describe, expect, it } from 'vitest'
import { eventSchemas } from '../../src/core/event-schema.ts'
import { emptyHome, LOOPBACK_ARGS, PipedProgram } from '../support/program.ts'

const JSON_ARGS = ['--headless', '--json', ...LOOPBACK_ARGS]

function startNode(args: string[] = [], home = emptyHome()) {
  return new PipedProgram([...JSON_ARGS, ...args], { home })
}

async function addressOf(node: PipedProgram): Promise<string> {
  return String((await node.event('listen:opened')).address)
}

describe('p2p-tui without a screen', () => {
  it('prints events that scripts can rely on: dial, ping, hang up, stop', async () => {
    const [left, right] = [startNode(), startNode()]
    const address = await addressOf(right)
    const { peerId } = await right.event('node:started')
    left.child.stdin?.write(`dial ${address}\nping ${address}\n`)
    const opened = await left.event('connection:opened')
    expect(opened).toMatchObject({
      peerId,
      direction: 'outbound',
      transport: 'tcp',
      encryption: '/noise',
      muxer: '/yamux/1.0.0',
    })
    expect((await left.event('ping:succeeded')).rttMs).toBeGreaterThan(0)
    expect((await right.event('ping:answered')).peerId).toBe((await left.event('node:started')).peerId)
    left.child.stdin?.write(`hangup ${peerId}\n`)
    const closed = await left.event('connection:closed')
    expect(closed).toMatchObject({ peerId, connectionId: opened.connectionId, reason: 'You hung up' })
    expect((await right.event('connection:closed')).reason).toBe('The other side closed it')

    left.child.kill('SIGTERM')
    await left.ended
    expect(left.events().at(-1)?.type).toBe('node:stopped')
    for (const event of [...left.events(), ...right.events()]) {
      eventSchemas[event.type as keyof typeof eventSchemas].parse(event)
    }
  })

  it('leaves little memory to objects that are soon gone, however many there are', async () => {
    const busy = new URL('fixtures/short-lived.ts', import.meta.url)
    const node = new PipedProgram(JSON_ARGS, { env: { NODE_OPTIONS: `--import=${busy}` } })
    const { youngBytes } = await node.event('test:memory')
    expect(youngBytes).toBeGreaterThan(0)
    expect(youngBytes).toBeLessThan(20 * 2 ** 20)
  })

  it('dials what it is given at the start, and says at which stage a dial failed', async () => {
    const node = startNode(['/ip4/127.0.0.1/tcp/1'])
    expect(await node.event('dial:failed')).toMatchObject({
      target: '/ip4/127.0.0.1/tcp/1',
      stage: 'connect',
      cause: expect.stringContaining('refused'),
      hint: expect.stringMatching(/./),
    })
  })

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('stops cleanly on %s', async (signal, code) => {
    const node = startNode()
    await node.event('listen:opened')
    node.child.kill(signal)
    expect(await node.ended).toEqual({ code, signal: null })
    expect(node.events().at(-1)?.type).toBe('node:stopped')
    expect(node.stderr).toBe('')
  })

  it('keeps one identity between runs, and gives a second copy another', async () => {
    const home = emptyHome()
    const first = startNode([], home)
    const { peerId } = await first.event('node:started')
    const second = startNode([], home)
    expect((await second.event('warning:raised')).cause).toContain('Another copy')
    expect((await second.event('node:started')).peerId).not.toBe(peerId)
    // Killed without a chance to clean up: the profile is free all the same.
    first.child.kill('SIGKILL')
    await first.ended
    const third = startNode([], home)
    expect((await third.event('node:started')).peerId).toBe(peerId)
  })

  it('stops when whoever reads its output goes away', async () => {
    const node = startNode()
    await node.event('listen:opened')
    node.child.stdout?.destroy()
    node.child.stdin?.write('listen /ip4/127.0.0.1/tcp/0\n')
    expect((await node.ended).code).toBe(0)
  })

  it('ends with the reason when the node cannot start', async () => {
    const node = startNode(['--data-dir', '/proc/nowhere'])
    expect((await node.ended).code).toBe(1)
    expect(node.stderr).toMatch(/\/proc\/nowhere/)
    expect(node.stderr).not.toMatch(/\n\s+at /)
  })
})

describe('one-shot verbs', () => {
  it('ping: a line a reply, then the statistics that people know', async () => {
    const node = startNode()
    const ping = new PipedProgram(['ping', await addressOf(node), '-c', '3', '-i', '0.2'])
    expect((await ping.ended).code).toBe(0)
    expect(ping.stdout.match(/ping \d answered in [\d.]+ ms/g)).toHaveLength(3)
    expect(ping.stdout).toContain('3 sent, 3 received, 0 % lost')
    expect(ping.stdout).toMatch(/min\/avg\/max/)
  })

  it('ping: exits with 1 and the reason when nobody answers', async () => {
    const ping = new PipedProgram(['ping', '/ip4/127.0.0.1/tcp/1', '-c', '1'])
    expect((await ping.ended).code).toBe(1)
    expect(ping.stderr).toMatch(/refused/)
  })

  it('ping: interrupted, it still says what it measured, and exits with 130', async () => {
    const node = startNode()
    const ping = new PipedProgram(['ping', await addressOf(node), '-i', '0.2'])
    await new Promise<void>(resolve => {
      ping.child.stdout?.on('data', () => ping.stdout.split('\n').length > 3 && resolve())
    })
    ping.child.kill('SIGINT')
    expect((await ping.ended).code).toBe(130)
    expect(ping.stdout).toMatch(/min\/avg\/max/)
  })

  it('dial: says who answered', async () => {
    const node = startNode()
    const dial = new PipedProgram(['dial', await addressOf(node), '--json'])
    expect((await dial.ended).code).toBe(0)
    const { peerId } = await node.event('node:started')
    expect(dial.events().at(-1)).toMatchObject({ peerId })
  })

  it('id: the same before, during and after a run', async () => {
    const home = emptyHome()
    const idOf = async (): Promise<string> => {
      const id = new PipedProgram(['id', '--json'], { home })
      expect((await id.ended).code).toBe(0)
      return String(id.events()[0]?.peerId)
    }
    const before = await idOf()
    const node = startNode([], home)
    expect((await node.event('node:started')).peerId).toBe(before)
    expect(await idOf()).toBe(before)
  })

  it.each([
    [['dail', 'x'], /dial/],
    [['ping'], /target/],
    [['ping', '/ip4/127.0.0.1/tcp/1', '-c', 'many'], /many/],
    [['--listen', 'here'], /here/],
    [['--no-such-option'], /no-such-option/],
    [['discover', '--no-mdns'], /--no-mdns/],
  ])('%j is wrong usage: exit 2, one clear sentence', async (args, words) => {
    const program = new PipedProgram(args as string[])
    expect((await program.ended).code).toBe(2)
    expect(program.stderr).toMatch(words)
    expect(program.stdout).toBe('')
  })
})
