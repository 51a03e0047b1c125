/** What verbs do that the program is started for. */
import { describe, expect, it } from 'vitest'
import { say } from '../../src/core/safe-text.ts'
import { CommandRun } from '../support/command-run.ts'
import { failureOf } from '../support/failures.ts'
import { checked } from '../support/views-world.ts'

const NOBODY = '/ip4/192.0.2.1/tcp/4001'
const ADDRESS = say`/ip4/203.0.113.9/tcp/4001`

const typesOf = ({ replies }: CommandRun) => replies.map(({ data }) => data?.type)

describe('relays', () => {
  it('waits for a peer to try, where that was asked for', async () => {
    const run = await new CommandRun('oneShot', { asked: { autonat: true } }).ready()
    const [peer] = run.fake.peers
    const ended = run.start(`relays ${peer?.peerId}`)
    await run.clock.advanceAsync(5000, 50)
    expect(run.replies).toEqual([])
    run.fake.emit(checked(ADDRESS, true, 'alice001'))
    await run.passing(ended)
    expect(run.replies[0]?.data).toMatchObject({ type: 'address', address: ADDRESS, reachable: true })
    expect(run.replies.at(-1)?.data).toMatchObject({ type: 'reachability', verdict: 'reachable' })
  })

  it('fails when nobody tried in time, and shows what there is', async () => {
    const run = await new CommandRun('oneShot', { asked: { autonat: true } }).ready()
    const failure = await failureOf(() => run.run(`relays ${run.fake.peers[0]?.peerId} --timeout 3`))
    expect(failure).toMatchObject({ stage: 'exchange' })
    expect(failure.cause).toContain('No peer tried to dial this node back')
    expect(typesOf(run)).toEqual(['reachability'])
  })

  it('fails with what the router said', async () => {
    const run = await new CommandRun('oneShot', { asked: { upnp: true } }).ready()
    const failed = { stage: 'connect', cause: say`No router answers`, hint: say`Turn UPnP on` } as const
    run.fake.emit({ type: 'upnp:failed', ...failed })
    expect(await failureOf(() => run.run('relays'))).toEqual(failed)
    expect(run.replies.at(-1)?.data).toMatchObject({ type: 'reachability', upnp: { failure: failed } })
  })

  it('tells of each relay that does not reserve, and shows those that do', async () => {
    const run = await new CommandRun('oneShot').ready()
    const [peer] = run.fake.peers
    const relays = [`/ip4/${peer?.host}/tcp/${peer?.port}`, NOBODY]
    const both = await new CommandRun('oneShot', { asked: { relays } }).ready()
    const failure = await failureOf(() => both.run('relays --timeout 5'))
    expect(failure.cause).toMatch(/^1 of 2 did not work\. The first: /)
    expect(typesOf(both)).toEqual(['reserve:failed', 'reservation', 'reachability'])
  })
})

describe('connections', () => {
  it('shows those that opened, and tells of targets that failed', async () => {
    const run = await new CommandRun('oneShot').ready()
    const [peer] = run.fake.peers
    const failure = await failureOf(() => run.run(`connections ${peer?.peerId} ${NOBODY}`))
    expect(failure.cause).toMatch(/^1 of 2 did not work\. The first: /)
    expect(typesOf(run)).toEqual(['dial:failed', 'connection', 'connections'])
  })

  it('says of a single target what it is about, and of no connections', async () => {
    const run = await new CommandRun('oneShot').ready()
    expect((await failureOf(() => run.run(`connections ${NOBODY}`))).cause).not.toContain('of 1')
    expect(run.replies).toEqual([])
  })
})

describe('peers to connect to first', () => {
  it('have to answer, one of them at least', async () => {
    const alone = await new CommandRun('oneShot', { dht: true, asked: { bootstrap: [NOBODY] } }).ready()
    const failure = await failureOf(() => alone.run('closest motd'))
    expect(failure.cause).toMatch(/^The bootstrap peer could not be reached: /)
    const [peer] = alone.fake.peers
    const bootstrap = [NOBODY, `/ip4/${peer?.host}/tcp/${peer?.port}`]
    const run = await new CommandRun('oneShot', { dht: true, asked: { bootstrap } }).ready()
    await run.run('closest motd')
    expect(typesOf(run).at(-1)).toBe('query:ended')
  })
})

it('routing: joins, and shows whom it found, bucket by bucket', async () => {
  const run = await new CommandRun('oneShot', { dht: true }).ready()
  await run.run('routing')
  const entries = run.replies.slice(0, -1).map(({ data }) => data)
  expect(entries.length).toBeGreaterThan(2)
  const sum = run.replies.at(-1)?.data
  expect(sum).toMatchObject({ type: 'routing', mode: 'client', peers: entries.length })
  const bare = await new CommandRun('oneShot').ready()
  expect((await failureOf(() => bare.run('routing'))).cause).toBe('This node has no DHT')
})
