/** Names, kept connections and forgetting, as a person types them. */
import { expect, it } from 'vitest'
import { completeLine } from '../../src/commands/line/complete.ts'
import { CommandRun } from '../support/command-run.ts'
import { failureOf } from '../support/failures.ts'

async function started() {
  const run = await new CommandRun().ready()
  const [first, second] = run.fake.peers.filter(({ role }) => role === 'neighbour')
  if (first === undefined || second === undefined) throw new Error('nobody there')
  return { run, first, second }
}

it('a peer is called by its name wherever it is meant', async () => {
  const { run, first, second } = await started()
  await run.run(`name ${first.peerId} "the old laptop"`)
  expect(run.lines.at(-1)).toBe(`…${first.peerId.slice(-8)} is called the old laptop`)
  const known = { place: 'screen', swarm: run.fake.state(), selected: undefined } as const
  expect(completeLine('dial th', 7, known).candidates[0]?.value).toBe('"the old laptop" ')
  expect(completeLine('name x the', 10, known).candidates).toEqual([])
  await run.run('dial "the old laptop"')
  expect(run.lines.at(-1)).toMatch(/^connected to the old laptop in /)
  await run.run('hangup "the old laptop"')
  expect(run.lines.at(-1)).toBe('hung up on the old laptop: 1 connection closed')
  expect((await failureOf(() => run.run(`name ${second.peerId} the old laptop`))).cause).toContain('already')
  await run.run(`name ${second.peerId} The 0ld l\u0430ptop`)
  expect(run.replies.at(-1)).toMatchObject({ tone: 'warn', text: expect.stringContaining('looks like') })
  await run.run('name "the old laptop"')
  expect(run.lines.at(-1)).toBe(`…${first.peerId.slice(-8)} is no longer called the old laptop`)
})

it('a kept peer is dialed, and again when it is lost, until one hangs up', async () => {
  const { run, first } = await started()
  await run.run(`keep ${first.peerId}`)
  expect(run.lines.at(-1)).toMatch(/^keeping the connection to …/)
  const peer = () => run.fake.state().peers.get(first.peerId)
  await run.clock.advanceAsync(5000, 50)
  expect(peer()).toMatchObject({ presence: 'connected', keep: { attempt: 0 } })
  await run.run(`hangup ${first.peerId}`)
  await run.clock.advanceAsync(120_000, 500)
  expect(peer()?.presence).not.toBe('connected')
  expect(peer()).not.toHaveProperty('keep')
})

it('a peer is forgotten once it is not connected', async () => {
  const { run, first } = await started()
  await run.run(`dial ${first.peerId}`)
  const failure = await failureOf(() => run.run(`forget ${first.peerId}`))
  expect(failure).toMatchObject({ stage: 'target', cause: expect.stringContaining('connected') })
  await run.run(`hangup ${first.peerId}`)
  await run.run(`forget ${first.peerId}`)
  expect(run.lines.at(-1)).toBe(`…${first.peerId.slice(-8)} is forgotten`)
  expect(run.fake.state().peers.has(first.peerId)).toBe(false)
})
