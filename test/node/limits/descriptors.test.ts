import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import type { NewEvent } from '../../../src/core/events.ts'
import { DescriptorWatch } from '../../../src/node/limits/descriptor-watch.ts'
import { Descriptors } from '../../../src/node/limits/descriptors.ts'

/** Watches a process that may have 64 descriptors. */
function watched() {
  const files = { limit: 64, used: 20 as number | undefined }
  const descriptors = new Descriptors({ limit: files.limit, used: () => files.used })
  const events: NewEvent[] = []
  const watch = new DescriptorWatch(descriptors, event => events.push(event), undefined)
  const count = (used: number | undefined) => {
    files.used = used
    descriptors.count()
    watch.counted()
  }
  return { descriptors, events, watch, count }
}

it.skipIf(process.platform === 'win32')('are all in use where none is left to count them with', async () => {
  const fixture = join(import.meta.dirname, 'fixtures/no-descriptors.ts')
  const words = ['-c', 'ulimit -n 64; exec "$@"', 'sh', process.execPath, fixture]
  const { stdout } = await promisify(execFile)('sh', words)
  const { limit, before, after } = JSON.parse(stdout)
  expect(limit).toBe(64)
  expect(before).toBeLessThan(64)
  expect(after).toBe(64)
})

it('are warned of once while others have none left, with what to do, until there is room again', () => {
  const { descriptors, events, count } = watched()
  count(64)
  // Nobody knows: what was known holds.
  count(undefined)
  expect(descriptors.left).toBeLessThan(0)
  expect(events).toEqual([
    {
      type: 'warning:raised',
      topic: 'descriptors',
      cause: 'File descriptors: 64 of 64 in use; inbound connections are refused',
      hint: 'hangup makes room; for more, raise ulimit -n and restart',
    },
  ])
  count(20)
  expect(events.at(-1)).toEqual({ type: 'warning:cleared', topic: 'descriptors' })
})

it.each(['EMFILE', 'ENFILE'])('are warned of when a server says %s, once', code => {
  const { events, watch } = watched()
  const error = Object.assign(new Error('accept'), { code })
  watch.acceptFailed(error)
  watch.acceptFailed(error)
  expect(events).toHaveLength(1)
  expect(events[0]).toMatchObject({
    type: 'warning:raised',
    topic: 'descriptors',
    cause: expect.stringContaining('could not be accepted'),
    hint: expect.stringContaining('ulimit -n'),
  })
})

it('have nothing to do with other errors of a server', () => {
  const { events, watch } = watched()
  watch.acceptFailed(Object.assign(new Error('listen'), { code: 'EADDRINUSE' }))
  expect(events).toEqual([])
})
