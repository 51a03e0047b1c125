import { mkdir, readdir, readFile, rename, rm, stat, symlink, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { eventSchemas } from '../../../src/core/event-schema.ts'
import type { NewEvent, NodeEvent } from '../../../src/core/events.ts'
import { say } from '../../../src/core/safe-text.ts'
import { EventFile, type EventFileOptions } from '../../../src/node/event-file/event-file.ts'
import { EventHub } from '../../../src/node/port/event-hub.ts'
import { ManualClock } from '../../support/manual-clock.ts'
import { scratchDirectory } from '../../support/scratch.ts'

const ping: NewEvent = { type: 'ping:answered', peerId: say`mallory` }
const dialed = (n: number): NewEvent => ({ type: 'dial:started', requestId: say`r${n}`, target: say`t${n}` })

async function start(options: Partial<EventFileOptions> = {}) {
  const clock = new ManualClock()
  const hub = new EventHub(clock)
  const path = options.path ?? join(await scratchDirectory(), 'events.json')
  const file = new EventFile({ clock, hub, path, ...options })
  const turn = () => clock.advanceAsync(2000, 20)
  /** Until an event is in the file, whose first lines may be in older ones. */
  const written = (seq: number) =>
    until(clock, async () => (await read(path).catch(() => [])).at(-1)?.seq === seq)
  const end = async () => {
    hub.close()
    const finished = file.finish()
    await clock.advanceAsync(400, 20)
    await finished
  }
  return { clock, hub, path, file, turn, written, end }
}

const eventsIn = (text: string) =>
  text
    .split('\n')
    .slice(0, -1)
    .map(line => JSON.parse(line) as NodeEvent)
const read = async (path: string) => eventsIn(await readFile(path, 'utf8'))
const of = <T extends NodeEvent['type']>(events: readonly NodeEvent[], type: T) =>
  events.filter(event => event.type === type) as unknown as NodeEvent<T>[]

/** Waits for what the disk does, while time passes. */
async function until(clock: ManualClock, holds: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 0; !(await holds()); tries += 1) {
    if (tries > 5000) throw new Error('it never held')
    await clock.advanceAsync(50, 50)
  }
}

describe('a file of events', () => {
  it('has each of them in order, what was there before, and the last one', async () => {
    const path = join(await scratchDirectory(), 'events.json')
    await writeFile(path, '{"before":true}\n')
    const { hub, turn, end } = await start({ path })
    for (let n = 0; n < 3000; n += 1) {
      hub.emit(ping)
      if (n % 500 === 0) await turn()
    }
    hub.emit({ type: 'node:stopped', reason: say`asked` })
    await end()
    const events = await read(path)
    expect(events[0]).toEqual({ before: true })
    expect(events.slice(1).map(({ seq }) => seq)).toEqual(Array.from({ length: 3001 }, (_, n) => n + 1))
    expect(events.at(-1)?.type).toBe('node:stopped')
  })

  it('begins on a line of its own where the last one was cut off', async () => {
    const path = join(await scratchDirectory(), 'events.json')
    await writeFile(path, '{"half":')
    const { hub, end } = await start({ path })
    hub.emit(ping)
    await end()
    expect((await readFile(path, 'utf8')).split('\n')[0]).toBe('{"half":')
    expect(JSON.parse((await readFile(path, 'utf8')).split('\n')[1] ?? '')).toMatchObject({ seq: 1 })
  })

  it('is written a batch at a time', async () => {
    const { clock, hub, path, end } = await start()
    hub.emit(ping)
    await until(clock, async () => (await stat(path).catch(() => undefined))?.size !== undefined)
    await until(clock, async () => (await stat(path)).size > 0)
    const { size } = await stat(path)
    for (let n = 0; n < 1000; n += 1) hub.emit(ping)
    // Not before its time, however often the node's thread gets to it.
    await clock.advanceAsync(0.5, 0.01)
    expect((await stat(path)).size).toBe(size)
    await until(clock, async () => (await stat(path)).size > size)
    expect((await stat(path)).size).toBeGreaterThan(500 * size)
    await end()
  })

  it('makes way for a new one when it is full, and no more are kept than may be', async () => {
    const { hub, path, written, end } = await start({ maxBytes: 4000, files: 3 })
    for (let n = 1; n <= 400; n += 1) {
      hub.emit(ping)
      if (n % 10 === 0) await written(n)
    }
    await end()
    const names = (await readdir(join(path, '..'))).sort()
    expect(names).toEqual(['events.json', 'events.json.1', 'events.json.2'])
    const all = []
    for (const name of names.toReversed()) {
      const file = join(path, '..', name)
      expect((await stat(file)).size).toBeLessThanOrEqual(4000)
      if (process.platform !== 'win32') expect((await stat(file)).mode & 0o077).toBe(0)
      all.push(...(await read(file)))
    }
    expect(all.at(-1)?.seq).toBe(400)
    expect(all.map(({ seq }) => seq)).toEqual(all.map((_, n) => 401 - all.length + n))
  })

  it.skipIf(process.platform === 'win32')('keeps its older ones where a link leads to', async () => {
    const directory = await scratchDirectory()
    await mkdir(join(directory, 'real'))
    await writeFile(join(directory, 'real/log'), '')
    await symlink(join(directory, 'real/log'), join(directory, 'link'))
    const { clock, hub, end } = await start({ path: join(directory, 'link'), maxBytes: 1000 })
    for (let n = 0; n < 60; n += 1) {
      hub.emit(ping)
      await clock.advanceAsync(200, 20)
    }
    await end()
    expect(await readdir(join(directory, 'real'))).toContain('log.1')
    expect(await readdir(directory)).toEqual(expect.arrayContaining(['link', 'real']))
  })

  it('goes on in a new file when it was moved or deleted, and says so', async () => {
    const { clock, hub, path, end } = await start()
    hub.emit(ping)
    await until(clock, async () => (await stat(path).catch(() => undefined))?.size !== undefined)
    await rename(path, `${path}.moved`)
    await clock.advanceAsync(2000, 50)
    hub.emit(ping)
    await until(clock, async () => (await stat(path).catch(() => undefined)) !== undefined)
    await rm(path)
    await clock.advanceAsync(2000, 50)
    hub.emit(dialed(1))
    const there = () => read(path).catch(() => [])
    await until(clock, async () => of(await there(), 'warning:cleared').length > 0)
    await end()
    const events = await read(path)
    expect(of(events, 'dial:started')).toHaveLength(1)
    expect(of(events, 'warning:raised')[0]?.cause).toContain('was moved or deleted')
    expect(hub.state.warnings.size).toBe(0)
  })

  it('goes on when it is cut shorter by somebody else', async () => {
    const { clock, hub, path, written, end } = await start({ maxBytes: 20_000 })
    for (let n = 0; n < 50; n += 1) hub.emit(ping)
    await written(50)
    await truncate(path, 0)
    await clock.advanceAsync(2000, 20)
    for (let n = 0; n < 50; n += 1) hub.emit(ping)
    await end()
    expect((await read(path)).at(-1)?.seq).toBe(100)
    expect(await readdir(join(path, '..'))).toEqual(['events.json'])
  })
})

describe('a flood beyond what the disk takes', () => {
  it('loses none of what the operator did, and a line says how many of what are missing', async () => {
    const { hub, path, end } = await start()
    for (let n = 0; n < 1000; n += 1) {
      hub.emit(dialed(n))
      for (let pings = 0; pings < 50; pings += 1) hub.emit(ping)
    }
    await end()
    const events = await read(path)
    expect(of(events, 'dial:started')).toHaveLength(1000)
    const [told, ...others] = of(events, 'events:dropped')
    expect(others).toEqual([])
    expect(told?.kinds).toEqual([{ type: 'ping:answered', peerId: 'mallory', count: told?.count }])
    expect(told?.cause).toContain('floods this node')
    expect(eventSchemas['events:dropped'].safeParse(told).error).toBeUndefined()
    expect(events.length - 1 + (told?.count ?? 0)).toBe(51_000)
    const numbers = events.map(({ seq }) => seq)
    expect(numbers).toEqual([...numbers].sort((a, b) => a - b))
  })
})

describe.skipIf(process.platform !== 'linux')('a disk that takes nothing', () => {
  it('is a warning, once, and the node goes on', async () => {
    const { clock, hub, end } = await start({ path: '/dev/full' })
    hub.emit(ping)
    await until(clock, () => hub.state.warnings.has('log'))
    expect(hub.state.warnings.get('log')?.cause).toMatch(/Nothing can be written to .*\/dev\/full: ENOSPC/)
    const { seq } = hub.state
    for (let n = 0; n < 100; n += 1) hub.emit(ping)
    await clock.advanceAsync(120_000, 1000)
    expect(hub.state.seq).toBe(seq + 100)
    await end()
    expect(clock.pending).toBe(0)
  })

  it('is tried again, and what came meanwhile is not lost', async () => {
    const directory = join(await scratchDirectory(), 'later')
    const path = join(directory, 'events.json')
    const { clock, hub, end } = await start({ path })
    hub.emit(dialed(1))
    await until(clock, () => hub.state.warnings.has('log'))
    await mkdir(directory)
    await until(clock, () => !hub.state.warnings.has('log'))
    await end()
    expect(of(await read(path), 'dial:started')).toHaveLength(1)
  })

  it('does not hold up the end', async () => {
    const { clock, hub, file } = await start({ path: '/dev/full' })
    hub.emit(ping)
    await until(clock, () => hub.state.warnings.has('log'))
    hub.close()
    const finished = file.finish()
    await clock.advanceAsync(600, 50)
    await finished
    expect(clock.pending).toBe(0)
  })
})
