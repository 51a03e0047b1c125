import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterEach, describe, expect, it } from 'vitest'
import { RequestFailed } from '../../../src/core/failure.ts'
import type { NodePort } from '../../../src/core/port.ts'
import { DEFAULT_NODE_OPTIONS } from '../../../src/node/options.ts'
import {
  STOP_WITHIN_MS,
  startWorkerPort,
  type WorkerPortSettings,
  workerEntry,
} from '../../../src/node/port/worker-port.ts'
import { ManualClock } from '../../support/manual-clock.ts'
import { PortReader } from '../../support/port-reader.ts'

const fixture = (name: string) => new URL(`./fixtures/${name}.ts`, import.meta.url)
const SILENT = { target: '/ip4/192.0.2.1/tcp/4001' }

let port: NodePort
afterEach(() => port.stop())

function start(name: string, profile = '', settings: WorkerPortSettings = {}): NodePort {
  port = startWorkerPort({ ...DEFAULT_NODE_OPTIONS, profile }, { entry: fixture(name), ...settings })
  return port
}

/** A request that waits for the end, a reader that waits, and one that does not. */
async function watched(name: string, profile = '', settings: WorkerPortSettings = {}) {
  const { ended } = start(name, profile, settings)
  const waiting = new PortReader(port)
  const idle = port.subscribe()
  const request = port.request('dial', SILENT).catch((reason: unknown) => reason)
  await waiting.rest()
  const end = await ended
  await idle.next()
  expect(await idle.next()).toBeUndefined()
  const error = await request
  if (!(error instanceof RequestFailed)) throw new Error('not a RequestFailed')
  expect(error.failure.stage).toBe('request')
  expect(error.failure.cause).toContain(end.failure?.cause.slice(0, 30))
  return end
}

describe('a node’s thread that dies at the start', () => {
  it('because it throws', async () => {
    const end = await watched('throws-at-start')
    expect(end).toMatchObject({ how: 'failed', failure: { stage: 'start' } })
    expect(end.failure?.cause).toBe("The node's thread crashed: born dead")
    expect(end.failure?.hint).toMatch(/report/)
  })

  it('because a module is missing', async () => {
    const { failure } = await watched('imports-nothing')
    expect(failure?.cause).toMatch(/could not be loaded: Cannot find module .*not-there/)
    expect(failure?.hint).toMatch(/install/)
  })

  it('because it is not there itself', async () => {
    const { failure } = await watched('no-such-fixture')
    expect(failure?.cause).toMatch(/could not be loaded/)
  })

  it('because it cannot even be started', async () => {
    const { failure } = await watched('', '', { entry: new URL('https://example.org/worker.js') })
    expect(failure?.cause).toMatch(/thread/)
  })
})

describe('a node’s thread that dies later', () => {
  it.each([
    ['throws', /crashed: out of \uFFFD\[31mluck/],
    ['rejects', /crashed: out of promises/],
    ['throws no error', /crashed: a fit/],
    ['exits', /ended by itself \(exit code 7\); its last words: \uFFFD\[31mI am so tired$/],
  ])('because it %s', async (profile, cause) => {
    const end = await watched('dying-node', profile)
    expect(end.how).toBe('failed')
    expect(end.failure?.cause).toMatch(cause)
    expect(end.failure?.hint).not.toBe('')
  })

  it('because it eats all memory', async () => {
    const resourceLimits = { maxOldGenerationSizeMb: 24 }
    const end = await watched('dying-node', 'eats memory', { resourceLimits })
    expect(end.failure?.cause).toBe("The node's thread ran out of memory")
    expect(end.failure?.hint).toMatch(/max-old-space-size/)
  })

  it('fails whatever is asked of it afterwards', async () => {
    await watched('dying-node', 'throws')
    await expect(port.request('ping', { peerId: 'x' })).rejects.toThrow(RequestFailed)
    await port.stop()
    expect((await port.ended).how).toBe('failed')
  })
})

describe('stopping a node in a thread', () => {
  it('ends the thread of a node that hangs, when its time is up', async () => {
    const clock = new ManualClock()
    start('dying-node', 'hangs', { clock })
    const reader = new PortReader(port)
    await reader.until(({ state }) => state.node.status === 'running')
    const request = port.request('dial', SILENT).catch((reason: unknown) => reason)
    await reader.event('dial:started')
    const stopping = port.stop()
    expect(await request).toMatchObject({ failure: { cause: 'The node has stopped' } })
    clock.advance(STOP_WITHIN_MS)
    await stopping
    expect(await port.ended).toEqual({ how: 'stopped' })
    expect(clock.pending).toBe(0)
  })

  it('leaves no timer behind', async () => {
    const clock = new ManualClock()
    start('fake-node', '', { clock })
    await port.stop()
    expect(clock.pending).toBe(0)
  })

  it('works before it has started', async () => {
    start('fake-node')
    await port.stop()
    expect(await port.ended).toEqual({ how: 'stopped' })
  })
})

describe('what a node’s thread prints', () => {
  it.each(['throws', 'exits', 'rejects'])('does not reach the terminal when it %s', async profile => {
    const program = fileURLToPath(fixture('prints'))
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [program, profile])
    expect(stdout).toBe('failed request')
    expect(stderr).toBe('')
    port = { stop: async () => {} } as NodePort
  })
})

describe('the module of the thread', () => {
  it('runs a real node', async () => {
    const options = {
      ...DEFAULT_NODE_OPTIONS,
      listen: ['/ip4/127.0.0.1/tcp/0'],
      ephemeral: true,
      mdns: false,
    }
    port = startWorkerPort(options)
    const reader = new PortReader(port)
    await reader.until(({ state }) => state.node.listening.length > 0)
    await port.stop()
    await reader.rest()
    expect(reader.state.node.status).toBe('stopped')
    expect(await port.ended).toEqual({ how: 'stopped' })
  })

  it('is found in the sources and in a bundle', () => {
    expect(workerEntry('file:///x/src/node/port/worker-port.ts').href).toBe('file:///x/src/node/worker.ts')
    expect(workerEntry('file:///x/dist/worker-port-Ab3.js').href).toBe('file:///x/dist/worker.js')
    expect(workerEntry('file:///x/dist/main.mjs').href).toBe('file:///x/dist/worker.mjs')
  })
})

describe('the screen’s side', () => {
  it('loads nothing but Node’s own modules and a few small ones of ours', () => {
    const files = importedBy(fileURLToPath(new URL('../../../src/node/port/worker-port.ts', import.meta.url)))
    const outside = [...files].filter(name => !name.startsWith('/'))
    expect(outside.filter(name => !name.startsWith('node:'))).toEqual([])
    expect([...files].filter(name => /\/(store|fake)\//.test(name))).toEqual([])
  })
})

/** Every file and package that a module loads, itself included; types are not loaded. */
function importedBy(file: string, found = new Set<string>()): Set<string> {
  if (found.has(file)) return found
  found.add(file)
  const source = readFileSync(file, 'utf8')
  for (const [, types, names = '', from = ''] of source.matchAll(
    /^(?:import|export) (type )?(?:([^'"]*?) from )?'([^']+)'/gmu,
  )) {
    if (types !== undefined || /^\{( type \w+,?)+ \}$/u.test(names)) continue
    if (from.startsWith('.')) importedBy(resolve(dirname(file), from), found)
    else found.add(from)
  }
  return found
}
