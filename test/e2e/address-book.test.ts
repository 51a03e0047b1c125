import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { emptyHome, LOOPBACK_ARGS, PipedProgram } from '../support/program.ts'

const ARGS = ['--headless', '--json', ...LOOPBACK_ARGS]

/** A program that knows a named peer, and was ended; the peer still runs. */
async function namedPeer(ended: 'SIGTERM' | 'SIGKILL' = 'SIGTERM') {
  const home = emptyHome()
  const other = new PipedProgram(ARGS)
  const address = String((await other.event('listen:opened')).address)
  const { peerId } = await other.event('node:started')
  const first = new PipedProgram(ARGS, { home })
  await first.event('listen:opened')
  first.child.stdin?.write(`dial ${address}\n`)
  await first.event('peer:identified')
  first.child.stdin?.write(`name ${peerId} the old laptop\n`)
  await first.event('name:given')
  first.child.kill(ended)
  await first.ended
  return { home, peerId, directory: join(home, '.local/share/p2p-tui/profiles/default') }
}

it('a killed program knows its peers and their names in the next run', async () => {
  const { home, peerId } = await namedPeer('SIGKILL')
  const second = new PipedProgram(ARGS, { home })
  const known = await second.event('peer:discovered')
  expect(known).toMatchObject({ peerId, source: 'known' })
  expect(known.addresses).not.toEqual([])
  expect(await second.event('name:given')).toMatchObject({ peerId, name: 'the old laptop' })
  await second.event('listen:opened')
  second.child.stdin?.write('dial "the old laptop"\n')
  expect(await second.event('dial:succeeded')).toMatchObject({ peerId })
})

it('names survive that every table and log is overwritten with noise, and it is said', async () => {
  const { home, peerId, directory } = await namedPeer()
  const datastore = join(directory, 'datastore')
  for (const name of readdirSync(datastore)) {
    const { size } = statSync(join(datastore, name))
    if (/^\d+\.|^MANIFEST/.test(name)) writeFileSync(join(datastore, name), Buffer.alloc(size, 'noise'))
  }
  const second = new PipedProgram(ARGS, { home })
  const warning = await second.event('warning:raised', ({ topic }) => topic === 'datastore')
  expect(warning.cause).toMatch(
    /The datastore was damaged \(.*is damaged.*names and kept peers come from .*plans\.json/,
  )
  expect(warning.hint).toContain('datastore.damaged-')
  expect(await second.event('name:given')).toMatchObject({ peerId, name: 'the old laptop' })
  expect((await second.event('node:started')).profile).toBe('default')
  expect(readdirSync(directory).filter(name => name.startsWith('datastore.damaged-'))).toHaveLength(1)
  second.child.kill('SIGTERM')
  await second.ended
  // Once is enough.
  const third = new PipedProgram(ARGS, { home })
  await third.event('name:given')
  await third.event('listen:opened')
  expect(third.events().filter(({ type }) => type === 'warning:raised')).toEqual([])
})

it('names survive that the datastore is removed, and it is said', async () => {
  const { home, peerId, directory } = await namedPeer()
  rmSync(join(directory, 'datastore'), { recursive: true })
  const second = new PipedProgram(ARGS, { home })
  const warning = await second.event('warning:raised', ({ topic }) => topic === 'datastore')
  expect(warning.cause).toMatch(/The datastore is gone.*names and kept peers come from .*plans\.json/)
  expect(await second.event('name:given')).toMatchObject({ peerId, name: 'the old laptop' })
  // Where it was is in that file too.
  await second.event('listen:opened')
  second.child.stdin?.write('dial "the old laptop"\n')
  expect(await second.event('dial:succeeded')).toMatchObject({ peerId })
})

it('the file of plans has the name when the program has ended', async () => {
  const { peerId, directory } = await namedPeer()
  const { plans } = JSON.parse(readFileSync(join(directory, 'plans.json'), 'utf8'))
  expect(plans).toMatchObject([{ peer: peerId, name: 'the old laptop' }])
})
