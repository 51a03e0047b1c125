import { execFileSync } from 'node:child_process'
import { chown, lchown, readdir, readFile, rename, stat, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { checkLogFile } from '../../src/modes/log-file.ts'
import { UsageProblem } from '../../src/modes/options/usage-problem.ts'
import { startFakePort } from '../../src/node/fake/fake-port.ts'
import { ManualClock } from '../support/manual-clock.ts'
import { scratchDirectory } from '../support/scratch.ts'

it('appends every event as a line of JSON, the last one too', async () => {
  const path = join(await scratchDirectory(), 'events.json')
  await writeFile(path, '{"before":true}\n')
  await checkLogFile(path)
  const clock = new ManualClock()
  const { port } = startFakePort({ clock, lively: false, logFile: path })
  await clock.advanceAsync(1000, 10)
  const stopped = port.stop()
  await clock.advanceAsync(400, 10)
  await stopped
  const lines = (await readFile(path, 'utf8'))
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line))
  expect(lines[0]).toEqual({ before: true })
  expect(lines[1]).toMatchObject({ seq: 1, type: 'node:started' })
  expect(lines.at(-1)).toMatchObject({ type: 'node:stopped' })
  expect(lines.length).toBeGreaterThan(10)
})

it.skipIf(process.platform === 'win32')('makes a new file for its owner alone', async () => {
  const path = join(await scratchDirectory(), 'events.json')
  await checkLogFile(path)
  expect((await stat(path)).mode & 0o077).toBe(0)
})

it('says which file cannot be written to', async () => {
  const checking = checkLogFile('/nowhere/events.json')
  await expect(checking).rejects.toBeInstanceOf(UsageProblem)
  await expect(checking).rejects.toThrow(/--log-file: cannot write to \/nowhere\/events.json: ENOENT/)
})

it('says what is no file: a directory, and a pipe, which it does not wait for', async () => {
  const directory = await scratchDirectory()
  await expect(checkLogFile(directory)).rejects.toThrow(/cannot write to .*: EISDIR/)
  if (process.platform === 'win32') return
  const pipe = join(directory, 'pipe')
  execFileSync('mkfifo', [pipe])
  await expect(checkLogFile(pipe)).rejects.toThrow(/it is not a file/)
})

/** Giving files away takes root. */
const isRoot = process.getuid?.() === 0
const SOMEBODY = 65_534

describe.skipIf(!isRoot)('in a directory that others may write in (as root)', () => {
  it('refuses a file of somebody else, who could read all of it', async () => {
    const path = join(await scratchDirectory(), 'events.json')
    await writeFile(path, 'theirs\n')
    await chown(path, SOMEBODY, SOMEBODY)
    await expect(checkLogFile(path)).rejects.toThrow(
      /cannot write to .*: it belongs to another user \(uid 65534\); choose another file/,
    )
    expect(await readFile(path, 'utf8')).toBe('theirs\n')
  })

  it.each([
    ['to a file of ours', 'ours', 'ours'],
    ['to nothing yet', 'made', undefined],
  ])('does not follow a link of somebody else %s', async (_, name, content) => {
    const directory = await scratchDirectory()
    const target = join(directory, name)
    if (content !== undefined) await writeFile(target, content)
    await symlink(target, join(directory, 'planted'))
    await lchown(join(directory, 'planted'), SOMEBODY, SOMEBODY)
    // A link of ours on the way to it does not make it better.
    await symlink('planted', join(directory, 'log'))
    for (const log of ['planted', 'log']) {
      await expect(checkLogFile(join(directory, log))).rejects.toThrow(
        /the link .*belongs to another user \(uid 65534\)/,
      )
    }
    expect(await readFile(target, 'utf8').catch(() => undefined)).toBe(content)
  })

  it('writes no more when somebody puts a file of theirs in its place, and says so', async () => {
    const directory = await scratchDirectory()
    const path = join(directory, 'log')
    const clock = new ManualClock()
    const { port } = startFakePort({ clock, lively: true, logFile: path })
    const waitFor = async (holds: () => Promise<boolean> | boolean) => {
      while (!(await holds())) await clock.advanceAsync(1_000, 50)
    }
    await waitFor(async () => (await readdir(directory)).includes('log'))
    await writeFile(join(directory, 'theirs'), '')
    await chown(join(directory, 'theirs'), SOMEBODY, SOMEBODY)
    await rename(join(directory, 'theirs'), path)
    const causes: string[] = []
    const reader = port.subscribe({})
    void (async () => {
      for (let batch = await reader.next(); batch !== undefined; batch = await reader.next()) {
        for (const event of batch.events) if (event.type === 'warning:raised') causes.push(event.cause)
      }
    })()
    await waitFor(() => causes.some(cause => cause.includes('belongs to another user')))
    expect((await stat(path)).size).toBe(0)
    const stopped = port.stop()
    await clock.advanceAsync(2_000, 50)
    await stopped
  })
})

it.skipIf(process.platform === 'win32')(
  'follows links of ours, also to a file that is not there yet',
  async () => {
    const directory = await scratchDirectory()
    await symlink('second', join(directory, 'first'))
    await symlink('events.json', join(directory, 'second'))
    await checkLogFile(join(directory, 'first'))
    expect(await readdir(directory)).toContain('events.json')
  },
)
