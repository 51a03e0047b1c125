/** What the built program loads, and when. */
import { spawnSync } from 'node:child_process'
import { chmodSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { NOTICES, packageDirectory } from '../../scripts/build/third-party-notices.ts'
import { CLI, emptyHome, LOOPBACK_ARGS, PipedProgram, ScreenProgram } from '../support/program.ts'
import { scratchDirectory } from '../support/scratch.ts'

const DIST = dirname(CLI)

/** Where the packages in question are, by a comment that the bundler puts before each module. */
const MODULE = /^\/\/ (\S*node_modules\/\S+)$/gm
const REACT = /^(react|react-reconciler|ink|yoga-layout)$/
const LIBP2P = /^(libp2p|@libp2p\/.*|@chainsafe\/libp2p-.*)$/

/** What is loaded by the first address or peer that needs it. */
const NOT_AT_START = /^(@libp2p\/(websockets|tls|autonat-v2)|ws|@peculiar\/.*)$/

function packagesIn(chunk: string): string[] {
  const modules = readFileSync(join(DIST, chunk), 'utf8').matchAll(MODULE)
  const names = [...modules].map(([, id = '']) =>
    packageDirectory(`/${id}`)?.replace(/^.*node_modules\//, ''),
  )
  return [...new Set(names.filter(name => name !== undefined))]
}

/** Makes Node.js write down what each thread of a program loads. */
async function loadTrace() {
  const directory = await scratchDirectory()
  const hook = join(directory, 'hook.mjs')
  const trace = join(directory, 'trace')
  writeFileSync(trace, '')
  writeFileSync(
    hook,
    `import { appendFileSync } from 'node:fs'
     import module, { registerHooks } from 'node:module'
     import { isMainThread } from 'node:worker_threads'
     const thread = isMainThread ? 'main' : 'node'
     registerHooks({ load(url, context, next) {
       appendFileSync(${JSON.stringify(trace)}, thread + ' ' + url + '\\n')
       return next(url, context)
     } })
     process.on('exit', () => {
       const undici = process.moduleLoadList.includes('NativeModule internal/deps/undici/undici')
       appendFileSync(${JSON.stringify(trace)}, thread + ' ' + (undici ? 'with' : 'without') + ' fetch\\n')
       appendFileSync(${JSON.stringify(trace)}, thread + ' keeps in ' + module.getCompileCacheDir() + '\\n')
     })`,
  )
  const lines = (thread: string) =>
    readFileSync(trace, 'utf8')
      .split('\n')
      .filter(line => line.startsWith(`${thread} `))
  return {
    env: { NODE_OPTIONS: `--import ${hook}` },
    /** The packages in the chunks that a thread loaded. */
    packages: (thread: 'main' | 'node') =>
      lines(thread).flatMap(line => {
        const chunk = /\/dist\/([\w-]+\.js)$/.exec(line)?.[1]
        return chunk === undefined ? [] : packagesIn(chunk)
      }),
    fetched: (thread: 'main' | 'node') => lines(thread).includes(`${thread} with fetch`),
    /** Whether a thread keeps compiled code in this directory. */
    keepsIn: (thread: 'main' | 'node', directory: string) =>
      lines(thread).some(line => line.startsWith(`${thread} keeps in ${directory}/`)),
  }
}

const some = (names: readonly string[], kind: RegExp) => names.some(name => kind.test(name))

describe('what is loaded', () => {
  it.each(['--help', '--version'])('for %s is neither a node nor a screen', async option => {
    const { env, packages } = await loadTrace()
    const { PATH = '' } = process.env
    const home = emptyHome()
    const { status } = spawnSync(process.execPath, [CLI, option], { env: { PATH, HOME: home, ...env } })
    expect(status).toBe(0)
    expect(packages('main')).toContain('commander')
    expect(some(packages('main'), REACT) || some(packages('main'), LIBP2P)).toBe(false)
    expect(packages('node')).toEqual([])
  })

  it.each([
    ['--headless', ['--headless', ...LOOPBACK_ARGS]],
    ['a one-shot verb', ['dial', '/ip4/127.0.0.1/tcp/1', ...LOOPBACK_ARGS]],
  ])('for %s is no screen, and the node in its thread only', async (_, args) => {
    const { env, packages } = await loadTrace()
    const program = new PipedProgram(args, { env })
    program.child.stdin?.end('quit\n')
    await program.ended
    expect(some(packages('node'), LIBP2P)).toBe(true)
    expect(some(packages('main'), /^libp2p$/)).toBe(false)
    expect(some([...packages('main'), ...packages('node')], REACT)).toBe(false)
  })

  it('for a screen is each in its own thread, and nothing to fetch with', async () => {
    const { env, packages, fetched } = await loadTrace()
    const program = new ScreenProgram(LOOPBACK_ARGS, { env })
    await program.waitFor(rows => /127\.0\.0\.1/.test(rows[0] ?? ''))
    program.press('q')
    expect(await program.ended).toMatchObject({ exitCode: 0 })
    expect(some(packages('main'), REACT)).toBe(true)
    expect(some(packages('main'), /^libp2p$/)).toBe(false)
    expect(some(packages('node'), LIBP2P)).toBe(true)
    expect(some(packages('node'), REACT)).toBe(false)
    expect(some(packages('node'), NOT_AT_START)).toBe(false)
    expect(fetched('main')).toBe(false)
  })
})

it("is React's production build, whatever the shell says", () => {
  const chunks = readdirSync(DIST).filter(name => name.endsWith('.js'))
  const texts = chunks.map(name => readFileSync(join(DIST, name), 'utf8'))
  expect(texts.some(text => text.includes('react-reconciler.production'))).toBe(true)
  // Only the development build has it: https://react.dev/reference/react/captureOwnerStack
  expect(texts.filter(text => /react[\w-]*\.development|captureOwnerStack/.test(text))).toEqual([])
})

it('draws its first frame before the node runs, and a command typed then waits for the node', async () => {
  const program = new ScreenProgram(LOOPBACK_ARGS)
  await program.waitFor(rows => rows[0]?.includes('starting') === true && /command/.test(rows.at(-1) ?? ''))
  program.press(':', 'dial /ip4/127.0.0.1/tcp/1', '\r')
  await program.waitFor(/dial failed at connect: .*refused/)
  expect(program.screen()[0]).not.toContain('starting')
})

describe('compiled code', () => {
  it('is kept for both threads, for this user only', async () => {
    const home = emptyHome()
    const run = async () => {
      const program = new PipedProgram(['--headless', ...LOOPBACK_ARGS], { home })
      program.child.stdin?.end('quit\n')
      expect(await program.ended).toMatchObject({ code: 0 })
    }
    await run()
    const cache = join(home, '.cache/p2p-tui')
    // A folder for each thread, as they have other settings of V8, and a file a chunk.
    const kept = () =>
      readdirSync(cache, { withFileTypes: true, recursive: true }).filter(file => file.isFile())
    const files = kept()
    // The node's thread has chunks of its own, and they are the largest.
    const worker = readFileSync(join(DIST, 'worker.js')).length
    const sizes = files.map(file => readFileSync(join(file.parentPath, file.name)).length)
    expect(Math.max(...sizes)).toBeGreaterThan(worker / 4)
    await run()
    expect(kept()).toHaveLength(files.length)
  })

  it('is not taken from where others may write', async () => {
    const home = emptyHome()
    const cache = join(home, '.cache/p2p-tui')
    const kept = async () => {
      const { env, keepsIn } = await loadTrace()
      expect(await new PipedProgram(['--version'], { home, env }).ended).toMatchObject({ code: 0 })
      return keepsIn('main', cache)
    }
    expect(await kept()).toBe(true)
    chmodSync(cache, 0o777)
    expect(await kept()).toBe(false)
  })

  it('is done without where nothing can be kept', async () => {
    const home = join(await scratchDirectory(), 'a-file')
    writeFileSync(home, '')
    const program = new PipedProgram(['--version'], { home })
    expect(await program.ended).toMatchObject({ code: 0 })
    expect(program.stderr).toBe('')
  })
})

it('every package in the bundle is in the notices, with its licence', () => {
  const notices = readFileSync(join(DIST, NOTICES), 'utf8')
  const bundled = readdirSync(DIST).flatMap(name => (name.endsWith('.js') ? packagesIn(name) : []))
  expect(bundled).toEqual(
    expect.arrayContaining(['react', 'ink', 'libp2p', '@chainsafe/libp2p-noise', 'zod']),
  )
  const missing = bundled.filter(
    name => !new RegExp(`^${name} \\d+\\.\\d+\\.\\d+\\S*\nLicence: \\S`, 'm').test(notices),
  )
  expect(missing).toEqual([])
})
