/** The program as a process, from its sources. */
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { scratchDirectory } from './support/scratch.ts'

const CLI = join(import.meta.dirname, '../src/cli.ts')
const { PATH = '' } = process.env

function run(
  args: string[],
  { env = {}, input = '' }: { env?: Record<string, string>; input?: string } = {},
) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [CLI, ...args], {
    env: { PATH, HOME: '/nonexistent', ...env },
    input,
    encoding: 'utf8',
  })
  return { status, stdout, stderr }
}

/** A running program and what it has written. */
function start(args: string[]) {
  const child = spawn(process.execPath, [CLI, ...args], { env: { PATH, HOME: '/nonexistent' } })
  onTestFinished(() => void child.kill('SIGKILL'))
  const written = { stdout: '', stderr: '' }
  child.stdout.setEncoding('utf8').on('data', text => {
    written.stdout += text
  })
  child.stderr.setEncoding('utf8').on('data', text => {
    written.stderr += text
  })
  const ended = new Promise<number | null>(resolve => child.once('close', resolve))
  const until = async (word: string) => {
    while (!written.stdout.includes(word)) {
      await new Promise((resolve, reject) => {
        child.stdout.once('data', resolve)
        child.once('close', () => reject(new Error(`it ended without ${word}: ${written.stderr}`)))
      })
    }
  }
  return { child, written, ended, until }
}

describe('p2p-tui', () => {
  it('answers --version and --help without loading a node or a screen', async () => {
    const { version } = JSON.parse(readFileSync(join(import.meta.dirname, '../package.json'), 'utf8'))
    expect(run(['--version'])).toEqual({ status: 0, stdout: `${version}\n`, stderr: '' })
    const trace = join(await scratchDirectory(), 'loads.mjs')
    writeFileSync(
      trace,
      `import { registerHooks } from 'node:module'
       registerHooks({ load(url, context, next) {
         if (/node_modules\\/(libp2p|@libp2p|@multiformats|react|ink|zod)\\//.test(url)) process.stderr.write(url)
         return next(url, context)
       } })`,
    )
    const help = run(['--help'], { env: { NODE_OPTIONS: `--import ${trace}` } })
    expect(help).toMatchObject({ status: 0, stderr: '' })
    expect(help.stdout).toContain('Usage: p2p-tui [options] [multiaddr...]')
    // The trap works: this does load a library of addresses.
    expect(run(['--listen', 'x'], { env: { NODE_OPTIONS: `--import ${trace}` } }).stderr).toContain(
      '@multiformats',
    )
  })

  it.each([
    [['pnig'], {}, 'did you mean ping?'],
    [['provide', 'x'], {}, '"provide" is for a node that goes on running'],
    [['--listen', 'foo'], {}, '--listen: "foo" is not a multiaddr'],
    [['ping', '/ip4/300.1.1.1/tcp/1'], {}, 'ping: "/ip4/300.1.1.1/tcp/1" is not a multiaddr: Invalid IPv4'],
    [['/ip4/1.2.3.4/tcp/99999'], {}, 'to dial: "/ip4/1.2.3.4/tcp/99999" is not a multiaddr'],
    [['--config', '/nowhere.json'], {}, '/nowhere.json'],
    [['--log-file', '/nowhere/x', '--demo'], {}, '/nowhere/x'],
    [[], { P2P_TUI_MDNS_TTL: 'soon' }, 'P2P_TUI_MDNS_TTL'],
  ])('exits with 2 and one clear message at %j %j', (args, env, message) => {
    const { status, stdout, stderr } = run(args, { env })
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
    expect(stderr).toContain(message)
    expect(stderr).toMatch(/^p2p-tui: .*\nT(ry p2p-tui (ping )?--help|ype it on the screen, .*)\n$/)
  })

  it('runs a command of the made-up network', () => {
    const { status, stdout } = run(['id', '--demo', '--json'])
    expect(status).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ type: 'id', peerId: expect.stringMatching(/^12D3Koo/) })
  })

  it('reads the Peer ID of a profile without a node, the same each time', async () => {
    const directory = await scratchDirectory()
    const first = run(['id', '--data-dir', directory])
    expect(first).toMatchObject({ status: 0, stderr: '' })
    expect(first.stdout).toMatch(/^12D3KooW\w{44}\n$/)
    expect(run(['id'], { env: { P2P_TUI_DATA_DIR: directory } })).toEqual(first)
    const wrong = run(['id', '--profile', '../x', '--data-dir', directory])
    expect(wrong).toMatchObject({ status: 1, stdout: '' })
    expect(wrong.stderr).toContain("cannot be a profile's name")
  })

  it('fails with 1 and the reason when nobody answers', () => {
    const { status, stderr } = run(['dial', '/ip4/127.0.0.1/tcp/1'])
    expect(status).toBe(1)
    expect(stderr).toMatch(/^p2p-tui dial: .*refused.* \(at connect\)\. Check/)
  })

  it('is a log without a terminal, reads commands from a pipe, and quits when told', () => {
    const { status, stdout, stderr } = run(['--demo'], { input: 'id\nquit\n' })
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    expect(stdout).toContain('this node is 12D3')
    expect(stdout).toMatch(/node {3}stopped: .*\n$/)
  })

  it('pings a real node of its own kind, and both stop when told to', async () => {
    const options = ['--json', '--ephemeral', '--no-mdns', '--listen', '/ip4/127.0.0.1/tcp/0']
    const node = start(options)
    await node.until('listen:opened')
    const [, address = ''] = /"listen:opened","address":"([^"]+)"/.exec(node.written.stdout) ?? []
    const pinging = start(['ping', address, '-i', '0.1'])
    await pinging.until('ping 2 answered in')
    pinging.child.kill('SIGINT')
    expect(await pinging.ended).toBe(130)
    expect(pinging.written.stdout).toMatch(/sent, \d+ received, 0 % lost .* min\/avg\/max\/mdev .*\n$/)
    node.child.kill('SIGTERM')
    expect(await node.ended).toBe(143)
    const last = node.written.stdout.trimEnd().split('\n').at(-1) ?? ''
    expect(JSON.parse(last)).toMatchObject({ type: 'node:stopped' })
    expect(node.written.stdout).toContain('"ping:answered"')
  })

  it('ends quietly when the reader of its output goes away', async () => {
    const { child, ended, until, written } = start(['--demo', '--json'])
    await until('node:started')
    child.stdout.destroy()
    expect(await ended).toBe(0)
    expect(written.stderr).toBe('')
  })
})

describe('on a Node that is too old', () => {
  const old = '/usr/bin/node'
  const version = existsSync(old) ? spawnSync(old, ['--version'], { encoding: 'utf8' }).stdout.trim() : 'none'
  const tooOld = /^v(1[2-9]|2[01])\./.test(version)
  const SENTENCE = /^p2p-tui needs Node\.js 22 .*npx -p node@24 -p p2p-tui p2p-tui\n$/

  async function plainCli(header = ''): Promise<string> {
    const path = join(await scratchDirectory(), 'cli.mjs')
    const source = readFileSync(CLI, 'utf8').replace(/^#!.*\n/, '')
    writeFileSync(path, header + stripTypeScriptTypes(source))
    return path
  }

  it.skipIf(!tooOld)(`says so in one sentence (a real one: ${version})`, async () => {
    const { status, stdout, stderr } = spawnSync(old, [await plainCli(), '--help'], { encoding: 'utf8' })
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
    expect(stderr).toMatch(SENTENCE)
  })

  it.each(['18.20.0', '20.19.1', '21.7.3'])('says so on %s', async old => {
    const fake = `Object.defineProperty(process.versions, 'node', { value: '${old}' });\n`
    const { status, stderr } = spawnSync(process.execPath, [await plainCli(fake)], { encoding: 'utf8' })
    expect(status).toBe(2)
    expect(stderr).toMatch(SENTENCE)
    expect(stderr).toContain(`this is ${old}`)
  })
})
