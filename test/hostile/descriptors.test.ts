/** File descriptors that run out: nobody vanishes without a line, and our own dials have theirs. */
import { join } from 'node:path'
import { multiaddr } from '@multiformats/multiaddr'
import { describe, expect, it, onTestFinished } from 'vitest'
import { addressOf, startPeer, stopPeers } from '../support/peers/peer.ts'
import { openRaw, type RawSocket } from '../support/peers/raw-sockets.ts'
import { turns, until } from '../support/peers/until.ts'
import { LOOPBACK_ARGS, PipedProgram } from '../support/program.ts'

const TAKE_DESCRIPTORS = join(import.meta.dirname, 'fixtures/take-descriptors.ts')

/** The program with so many file descriptors. */
const withDescriptors = (count: number, env: Record<string, string> = {}) =>
  new PipedProgram([...LOOPBACK_ARGS, '--ephemeral', '--headless', '--json'], {
    under: ['sh', '-c', `ulimit -n ${count}; exec "$@"`, 'sh'],
    env,
  })

describe('60 connections to a node with 48 file descriptors', () => {
  it('are let in or refused with a line, each of them, and a dial of our own still finds its place', async () => {
    const friend = await startPeer()
    onTestFinished(() => stopPeers([friend]))
    const program = withDescriptors(48)
    const { address } = await program.event('listen:opened')
    const limits = await program.event('limits:set')
    const most = Number(limits.connections)
    expect(most).toBeLessThan(40)
    expect(limits.descriptors).toBe(48)
    const lowered = await program.event('warning:raised', ({ topic }) => topic === 'descriptors')
    expect(lowered.cause).toMatch(/^Room for only \d+ of 1,000 connections: .* 48 file descriptors$/)
    expect(lowered.hint).toContain('ulimit -n 2048')

    const sockets: RawSocket[] = []
    // From many hosts, so that it is not the share of one that holds them up.
    for (let n = 0; n < 60; n += 1) sockets.push(await openRaw(String(address), `127.0.3.${n + 1}`))
    const told = () =>
      program
        .events()
        .reduce((sum, { type, count = 1 }) => sum + (type === 'connection:refused' ? Number(count) : 0), 0)
    const open = () => sockets.filter(({ socket }) => !socket.closed).length
    // Those that wait to be accepted look open from here.
    while (open() >= most || told() + open() < 60) await turns(20)
    expect(open()).toBeLessThan(most)

    program.child.stdin?.write(`dial ${addressOf(friend)}\n`)
    await program.event('dial:succeeded')
  })
})

describe('a node with no descriptor left', () => {
  it('hangs on to nobody, says what to do, and goes on when there are some again', async () => {
    const friend = await startPeer()
    const stranger = await startPeer({ listen: [] })
    onTestFinished(() => stopPeers([friend, stranger]))
    const program = withDescriptors(64, { NODE_OPTIONS: `--import=${TAKE_DESCRIPTORS}` })
    const { address } = await program.event('listen:opened')
    const warned = (hint: string) =>
      program.events().filter(event => event.topic === 'descriptors' && String(event.hint).startsWith(hint))
        .length
    const lowered = () => warned('restart after ulimit -n 2048')
    await until(() => lowered() === 1)
    const dial = () => program.child.stdin?.write(`dial ${addressOf(friend)}\n`)

    program.child.kill('SIGUSR2')
    await until(() => program.stderr.includes('no descriptor is left'))
    const sockets: RawSocket[] = []
    for (let n = 0; n < 20; n += 1) sockets.push(await openRaw(String(address), `127.0.3.${n + 1}`))
    await Promise.all(sockets.map(({ closed }) => closed))
    await until(() => warned('hangup makes room; for more, raise ulimit -n and restart') === 1)
    dial()
    expect(await program.event('dial:failed')).toMatchObject({
      cause: 'There are no file descriptors left for a connection',
      hint: 'Hang up on some peers, or restart with a higher ulimit -n',
    })

    program.child.kill('SIGUSR2')
    // What is said once the others are over.
    await until(() => lowered() === 2)
    await stranger.dial(multiaddr(String(address)))
    await program.event('connection:opened', ({ direction }) => direction === 'inbound')
    dial()
    await program.event('dial:succeeded')
  })
})

describe('a node with too few file descriptors to start', () => {
  it.each([25, 32])('says so: %d', async count => {
    const program = withDescriptors(count)
    const { code } = await program.ended
    expect(code).toBe(1)
    const said = program.stderr
    expect(said).toContain(`Too few file descriptors for a node: the limit is ${count}`)
    expect(said).toContain('ulimit -n 1024')
    expect(said).not.toContain('report it')
  })
})
