import { execFileSync } from 'node:child_process'
import { readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
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
