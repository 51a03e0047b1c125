import { describe, expect, it } from 'vitest'
import type { NodeEvent } from '../../src/core/events.ts'
import type { NodePort } from '../../src/core/port.ts'
import { runHeadless } from '../../src/modes/headless.ts'
import { startFakePort } from '../../src/node/fake/fake-port.ts'
import { EventHub } from '../../src/node/port/event-hub.ts'
import { LocalPort } from '../../src/node/port/local-port.ts'
import { ManualClock } from '../support/manual-clock.ts'
import { FakeIo, FakeReader } from '../support/mode-io.ts'
import { numbered, text } from '../support/swarms.ts'

interface Asked {
  json?: boolean
  dial?: string[]
  out?: FakeReader
  port?: (clock: ManualClock) => NodePort
}

function start({ json = false, dial = [], out, port }: Asked = {}) {
  const clock = new ManualClock()
  const io = new FakeIo(clock, out)
  const node = port?.(clock) ?? startFakePort({ clock, lively: false }).port
  const ended = runHeadless({ port: node, json, dial }, io)
  const events = () => io.out.lines.map(line => JSON.parse(line) as NodeEvent)
  const type = (line: string) => io.input.write(`${line}\n`)
  return { io, clock, ended, events, type }
}

describe('headless', () => {
  it('tells what happens in lines, from the start, and stops at SIGTERM with node:stopped as the last', async () => {
    const { io, ended, clock } = start()
    await io.until(() => io.out.text.includes('heard on the local network'))
    expect(io.out.lines[0]).toMatch(/^\d\d:\d\d:\d\d\.\d{3} node {3}started as 12D3/)
    expect(io.out.text).toContain('listening on /ip4/')
    const asked = clock.monotonic()
    io.signals.emit('SIGTERM')
    expect(await io.passing(ended)).toBe(143)
    expect(clock.monotonic() - asked).toBeLessThan(1000)
    expect(io.out.lines.at(-1)).toMatch(/ node {3}stopped: /)
    expect(io.signals.listenerCount('SIGTERM')).toBe(0)
    expect(clock.pending).toBe(0)
  })

  it('prints NodeEvents as they stand with --json', async () => {
    const { io, ended, events } = start({ json: true })
    await io.until(() => events().length > 5)
    io.signals.emit('SIGINT')
    expect(await io.passing(ended)).toBe(130)
    expect(events()[0]).toMatchObject({ v: 1, seq: 1, type: 'node:started' })
    expect(events().map(({ seq }) => seq)).toEqual(events().map((_, place) => place + 1))
    expect(events().at(-1)?.type).toBe('node:stopped')
  })

  it('dials what it was told to', async () => {
    const { io, ended, events } = start({
      json: true,
      dial: ['/ip4/192.168.1.21/tcp/1', '/ip4/192.0.2.1/tcp/1'],
    })
    await io.until(() => events().filter(({ type }) => type === 'dial:started').length === 2)
    io.signals.emit('SIGINT')
    await io.passing(ended)
  })

  it('runs lines of input as commands, says what is wrong with one, and outlives their end', async () => {
    const { io, ended, type } = start()
    type('# a remark')
    type('id')
    type('')
    type('pnig x')
    type('dial nobody')
    type('peers 192.168.1.21')
    io.input.end()
    await io.until(() => io.out.text.includes('peer:') || io.out.text.includes('peers:'))
    expect(io.out.text).toContain('this node is 12D3')
    expect(io.err.lines).toEqual([
      'line 4: There is no command "pnig". Did you mean ping?',
      expect.stringMatching(/^line 5: No known peer is called "nobody" \(at target\)\. Give an address/),
    ])
    await io.clock.advanceAsync(1000, 100)
    io.signals.emit('SIGINT')
    expect(await io.passing(ended)).toBe(130)
  })

  it('refuses a line that no command can be, and reads on', async () => {
    const { io, ended, type } = start()
    io.input.write('x'.repeat(20_000_000))
    type('')
    type('di\0al x')
    io.input.write(Buffer.from([0xff, 0x0a]))
    type('id')
    await io.until(() => io.out.text.includes('this node is'))
    expect(io.err.lines).toEqual([
      expect.stringMatching(
        /^line 1: The line has 20,000,000 bytes, and at most 65,536 are read\. Commands are/,
      ),
      expect.stringMatching(/^line 2: The line has a control character \(U\+0000\) at position 3\./),
      expect.stringMatching(/^line 3: The line is not UTF-8 text\./),
    ])
    io.signals.emit('SIGINT')
    await io.passing(ended)
  })

  it('reads input no faster than its answers are taken', async () => {
    const out = new FakeReader({ highWaterMark: 1 })
    const { io, ended } = start({ out })
    await io.until(() => io.out.text.includes('heard on the local network'))
    out.stall()
    for (let n = 0; n < 1000; n += 1) io.input.write('help\n'.repeat(100))
    await io.clock.advanceAsync(2000, 10)
    // What was answered is one answer, not a hundred thousand.
    expect(out.writableLength).toBeLessThan(20_000)
    expect(io.input.readableLength + io.input.writableLength).toBeGreaterThan(400_000)
    io.signals.emit('SIGTERM')
    expect(await io.passing(ended)).toBe(143)
  })

  it('keeps answers out of JSON', async () => {
    const { io, ended, type, events } = start({ json: true })
    type('id')
    type('pnig')
    await io.until(() => io.err.lines.length === 2)
    expect(io.err.lines.map(line => JSON.parse(line))).toMatchObject([
      { v: 1, line: 1, type: 'id', peerId: expect.stringMatching(/^12D3/) },
      { v: 1, line: 2, type: 'failed', stage: 'usage', cause: 'There is no command "pnig"' },
    ])
    type('quit')
    expect(await io.passing(ended)).toBe(0)
    expect(events().every(({ v }) => v === 1)).toBe(true)
  })

  it('stops a command that runs when it is told to end', async () => {
    const { io, ended, type } = start()
    type('dial /ip4/192.0.2.1/tcp/4001')
    await io.until(() => io.out.text.includes('dialing'))
    io.signals.emit('SIGTERM')
    expect(await io.passing(ended)).toBe(143)
    expect(io.err.text).toBe('')
  })

  it('ends well when its reader goes away', async () => {
    const { io, ended } = start()
    await io.until(() => io.out.text.includes('started'))
    io.out.break()
    expect(await io.passing(ended)).toBe(0)
    expect(io.err.text).toBe('')
  })

  it('pulls nothing more while its reader does not read, and says what it lost then', async () => {
    const out = new FakeReader({ highWaterMark: 1 })
    let emit = (_: number) => {}
    const { io, ended, events } = start({
      json: true,
      out,
      port: clock => {
        const hub = new EventHub(clock)
        emit = count => {
          for (let n = 0; n < count; n += 1) hub.emit({ type: 'peer:forgotten', peerId: text(`peer${n}`) })
        }
        return new LocalPort({ clock, hub, handlers: {} as never, stop: async () => {} })
      },
    })
    emit(1)
    await io.until(() => events().length === 1)
    out.stall()
    emit(1)
    await io.clock.advanceAsync(10)
    emit(10_000)
    await io.clock.advanceAsync(10)
    expect(out.writableLength).toBeLessThan(1000)
    out.resume()
    await io.until(() => io.err.text !== '')
    const warning = JSON.parse(io.err.lines[0] ?? '')
    expect(warning).toMatchObject({ type: 'warning', topic: 'output' })
    expect(warning.cause).toMatch(
      /^\d+ events lost: the output was not read in time \(most: [\d,]+ peer:forgotten\)$/,
    )
    await io.until(() => events().at(-1)?.seq === 10_002)
    const lost = Number(/\d+ events/.exec(io.err.text)?.[0].split(' ')[0])
    expect(events().length + lost).toBe(10_002)
    io.signals.emit('SIGINT')
    await io.passing(ended)
  })

  it('ends within a second even when its reader has stopped reading', async () => {
    const out = new FakeReader({ highWaterMark: 1 })
    const { io, ended, clock } = start({ out })
    await io.until(() => io.out.text.includes('started'))
    out.stall()
    await clock.advanceAsync(3000, 100)
    const asked = clock.monotonic()
    io.signals.emit('SIGTERM')
    expect(await io.passing(ended)).toBe(143)
    expect(clock.monotonic() - asked).toBeLessThan(1000)
  })

  it('does not wait at all when told twice', async () => {
    const never = new Promise<never>(() => {})
    const { io, ended, clock } = start({
      port: () => ({
        request: () => never,
        stop: () => never,
        ended: never,
        subscribe: () => {
          const closed = Promise.withResolvers<undefined>()
          return { next: () => closed.promise, close: () => closed.resolve(undefined) }
        },
      }),
    })
    io.signals.emit('SIGINT')
    io.signals.emit('SIGINT')
    expect(await ended).toBe(130)
    expect(clock.monotonic()).toBe(0)
  })

  it('says why the node died, and fails', async () => {
    const failure = { stage: 'start', cause: text('The key is no key'), hint: text('Move it away') } as const
    const batch = {
      dropped: 0,
      events: [numbered({ type: 'node:stopped', reason: text('It died') })],
    }
    const batches = [batch, undefined]
    const { io, ended } = start({
      port: () => ({
        request: () => new Promise<never>(() => {}),
        stop: async () => {},
        ended: Promise.resolve({ how: 'failed', failure }),
        subscribe: () => ({ next: async () => batches.shift(), close: () => {} }),
      }),
    })
    expect(await io.passing(ended)).toBe(1)
    expect(io.err.lines).toEqual(['p2p-tui: The key is no key (at start). Move it away'])
  })
})
