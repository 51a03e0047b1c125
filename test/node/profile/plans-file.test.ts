import { chmod, mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { type Plans, readPlans, writePlans } from '../../../src/node/profile/plans-file.ts'
import { failureOf } from '../../support/failures.ts'
import { peerIds } from '../../support/peer-ids.ts'
import { scratchDirectory } from '../../support/scratch.ts'
import { cut, numbers, scribble } from './fixtures/damage.ts'

const posixOnly = it.skipIf(process.platform === 'win32')
const [one = '', two = '', three = ''] = await peerIds(3)
const PLANS: Plans = {
  revision: 7,
  peers: new Map([
    [one, { name: 'the old laptop "é', keep: true, proven: ['/ip4/192.0.2.1/tcp/4001'] }],
    [two, { name: 'b' }],
    [three, { keep: true }],
  ]),
  provided: new Map([['bafkqaaa', 1_700_000_000_000]]),
}

async function written(plans = PLANS) {
  const directory = await scratchDirectory()
  const path = join(directory, 'plans.json')
  await writePlans(path, plans)
  return { directory, path }
}

it('plans are read as they were written, from a file of its owner alone that is JSON', async () => {
  const { directory, path } = await written()
  expect(await readPlans(path)).toEqual({ state: 'sound', plans: PLANS })
  expect(JSON.parse(await readFile(path, 'utf8'))).toMatchObject({ version: 1, revision: 7 })
  if (process.platform !== 'win32') expect((await stat(path)).mode & 0o777).toBe(0o600)
  await writePlans(path, { revision: 8, peers: new Map(), provided: new Map() })
  expect(await readPlans(path)).toMatchObject({ state: 'sound', plans: { revision: 8 } })
  expect(await readdir(directory)).toEqual(['plans.json'])
})

it('there may be none', async () => {
  expect(await readPlans(join(await scratchDirectory(), 'plans.json'))).toEqual({ state: 'absent' })
})

it('damage is found wherever it is, and the other lines are read', async () => {
  for (let seed = 0; seed < 60; seed += 1) {
    const { path } = await written()
    const what = (seed % 2 === 0 ? scribble : cut)(path, numbers(seed))
    const reading = await readPlans(path)
    // A newer version is one of the things that the first line may say then; the file is not touched.
    expect(['damaged', 'untouchable'], what).toContain(reading.state)
    if (reading.state !== 'damaged') continue
    for (const [id, plan] of reading.plans.peers) {
      expect(PLANS.peers.has(id), what).toBe(true)
      expect(plan.name === undefined || typeof plan.name === 'string').toBe(true)
    }
  }
  const { path } = await written()
  const lines = (await readFile(path, 'utf8')).split('\n')
  await writeFile(path, lines.with(1, '{"peer":"12D3Ko').join('\n'))
  const reading = await readPlans(path)
  expect(reading).toMatchObject({ state: 'damaged', what: 'its checksum is wrong' })
  expect(reading.state === 'damaged' && [...reading.plans.peers.keys()]).toEqual([two, three])
})

it.each([
  ['empty', '', 'its beginning is lost'],
  ['something else', 'hello\nworld\n', 'its beginning is lost'],
  ['of no version', '{"plans":[\n]}\n', 'its beginning is lost'],
  ['null', 'null\nnull', 'its beginning is lost'],
  ['too large', 'x'.repeat(4 * 1024 * 1024 + 1), 'is too large'],
])('a file that is %s is damaged', async (_, text, what) => {
  const path = join(await scratchDirectory(), 'plans.json')
  await writeFile(path, text, { mode: 0o600 })
  expect(await readPlans(path)).toMatchObject({ state: 'damaged', what })
})

it('a file of a newer version is not for us', async () => {
  const path = join(await scratchDirectory(), 'plans.json')
  await writeFile(path, '{"version":2,"revision":1,"plans":[\n]}\n', { mode: 0o600 })
  expect(await readPlans(path)).toEqual({
    state: 'untouchable',
    why: 'a newer version of this program wrote it (form 2)',
  })
})

it('what has the place of the file is no file', async () => {
  const path = join(await scratchDirectory(), 'plans.json')
  await mkdir(path)
  expect(await readPlans(path)).toMatchObject({ state: 'damaged' })
})

posixOnly('a link is not followed', async () => {
  const { directory, path } = await written()
  await symlink(path, join(directory, 'link'))
  expect(await readPlans(join(directory, 'link'))).toMatchObject({ state: 'damaged', what: 'is a link' })
})

posixOnly('a file that others may write is refused', async () => {
  const { path } = await written()
  await chmod(path, 0o622)
  expect((await failureOf(() => readPlans(path))).hint).toContain(`chmod 600 ${path}`)
})

it('it has an end: where peers were reached is left out first', async () => {
  const peers = new Map(
    Array.from({ length: 9_000 }, (_, i) => [
      `peer ${i}`,
      { name: `name ${i}`, proven: Array(4).fill(`/ip4/192.0.2.1/tcp/${i}/${'x'.repeat(100)}`) },
    ]),
  )
  const { path } = await written({ ...PLANS, peers })
  expect((await stat(path)).size).toBeLessThan(4 * 1024 * 1024)
  expect(await readFile(path, 'utf8')).toContain('name 8999')
  const more = new Map(Array.from({ length: 90_000 }, (_, i) => [`peer ${i}`, { name: 'x'.repeat(32) }]))
  await expect(writePlans(path, { ...PLANS, peers: more })).rejects.toThrow(/too many|TooMuch|^$/)
})

it('what a killed process has left beside it is cleared away', async () => {
  const { directory, path } = await written()
  await writeFile(`${path}.tmp`, 'half')
  await writePlans(path, PLANS)
  expect(await readdir(directory)).toEqual(['plans.json'])
})
