/** What a bad disk and other users of a machine can do to a profile, against the whole program. */
import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { blank, cut, dataFiles, numbers, scribble } from '../node/profile/fixtures/damage.ts'
import { peerIds } from '../support/peer-ids.ts'
import { emptyHome, LOOPBACK_ARGS, PipedProgram } from '../support/program.ts'

const ARGS = ['--headless', '--json', ...LOOPBACK_ARGS]
const BELOW_HOME = '.local/share/p2p-tui/profiles/default'
const isRoot = process.getuid?.() === 0
const SOMEBODY = 65_534

/** A home in which peers have names and are kept. */
async function homeWithNames(count: number) {
  const home = emptyHome()
  const ids = await peerIds(count)
  const program = new PipedProgram(ARGS, { home })
  await program.event('listen:opened')
  for (const [i, id] of ids.entries()) program.child.stdin?.write(`name ${id} friend ${i}\n`)
  await program.event('name:given', ({ name }) => name === `friend ${count - 1}`)
  program.child.kill('SIGTERM')
  await program.ended
  return {
    home,
    names: ids.map((id, i) => ({ peerId: id, name: `friend ${i}` })),
    directory: join(home, BELOW_HOME),
  }
}

async function failure(home: string, args: readonly string[] = []): Promise<string> {
  const program = new PipedProgram([...ARGS, ...args], { home })
  expect((await program.ended).code).toBe(1)
  return program.stderr
}

it('no name is lost without a word, whatever happens to the files of a profile', async () => {
  const { home, names, directory } = await homeWithNames(20)
  for (const [round, damage] of [scribble, cut, blank].entries()) {
    const number = numbers(round)
    for (const path of dataFiles(join(directory, 'datastore'))) damage(path, number)
    const program = new PipedProgram(ARGS, { home })
    await program.event('listen:opened')
    const given = program.events().filter(({ type }) => type === 'name:given')
    expect(given.map(({ peerId, name }) => ({ peerId, name }))).toEqual(expect.arrayContaining(names))
    expect(
      program.events().some(({ type, topic }) => type === 'warning:raised' && topic === 'datastore'),
    ).toBe(true)
    program.child.kill('SIGTERM')
    await program.ended
  }
})

it('names come from the datastore when the file of plans is noise, and that is said', async () => {
  const { home, names, directory } = await homeWithNames(3)
  writeFileSync(join(directory, 'plans.json'), 'noise')
  const program = new PipedProgram(ARGS, { home })
  expect((await program.event('warning:raised', ({ topic }) => topic === 'plans')).cause).toContain(
    'was damaged',
  )
  for (const name of names) await program.event('name:given', event => event.name === name.name)
})

describe.skipIf(process.platform === 'win32')('a profile that others can reach', () => {
  it('is not opened below a directory that they can write, by any of the ways to it', async () => {
    const { home, directory } = await homeWithNames(1)
    chmodSync(join(directory, '..'), 0o777)
    const told = await failure(home)
    expect(told).toContain('Other users may write in')
    expect(told).toContain(`chmod go-w ${join(directory, '..')}`)
    const id = new PipedProgram(['id'], { home })
    expect((await id.ended).code).toBe(1)
    expect(id.stderr).toContain('chmod go-w')
  })

  it.skipIf(!isRoot)('is not opened when it is another user’s', async () => {
    const { home, directory } = await homeWithNames(1)
    chownSync(directory, SOMEBODY, SOMEBODY)
    expect(await failure(home)).toContain(`chown 0 ${directory}`)
  })

  it('has no options taken from a file that they could have written', async () => {
    const { home, directory } = await homeWithNames(1)
    const config = join(directory, 'config.json')
    const log = join(home, 'log')
    writeFileSync(config, JSON.stringify({ logFile: log }))
    chmodSync(config, 0o666)
    const program = new PipedProgram(ARGS, { home })
    expect((await program.ended).code).toBe(2)
    expect(program.stderr).toContain(`chmod 600 ${config}`)
    expect(readdirSync(home)).not.toContain('log')
  })

  it('does not wait for a pipe in the place of any of its files', async () => {
    for (const name of ['config.json', 'plans.json', 'identity.key']) {
      const { home, directory } = await homeWithNames(1)
      const path = join(directory, name)
      spawnSync('rm', ['-f', path])
      expect(spawnSync('mkfifo', ['-m', '600', path]).status).toBe(0)
      const program = new PipedProgram(ARGS, { home })
      if (name === 'plans.json') await program.event('warning:raised', ({ topic }) => topic === 'plans')
      else expect((await program.ended).code).not.toBe(0)
    }
  })

  it('is opened through a link of ours, and the key through none', async () => {
    const { home, directory } = await homeWithNames(1)
    const elsewhere = emptyHome()
    mkdirSync(join(elsewhere, '.local/share'), { recursive: true, mode: 0o700 })
    symlinkSync(join(home, '.local/share/p2p-tui'), join(elsewhere, '.local/share/p2p-tui'))
    const program = new PipedProgram(ARGS, { home: elsewhere })
    expect((await program.event('node:started')).profile).toBe('default')
    program.child.kill('SIGTERM')
    await program.ended
    const key = readFileSync(join(directory, 'identity.key'))
    writeFileSync(join(home, 'a.key'), key, { mode: 0o600 })
    spawnSync('ln', ['-sf', join(home, 'a.key'), join(directory, 'identity.key')])
    expect(await failure(home)).toContain('is a link')
  })
})

/** A file system of its own that is small, in a mount namespace; only root may make one here. */
const SMALL_DISK = 'mount -t tmpfs -o size=2m,mode=700 tmpfs "$HOME/.local/share" && exec "$@"'
const canMount = isRoot && spawnSync('unshare', ['-m', 'true']).status === 0

it.skipIf(!canMount)(
  'a full disk is told, what was named holds for the run, and is written when there is room',
  async () => {
    const home = emptyHome()
    mkdirSync(join(home, '.local/share'), { recursive: true, mode: 0o700 })
    const program = new PipedProgram(ARGS, { home, under: ['unshare', '-m', 'sh', '-c', SMALL_DISK, 'sh'] })
    await program.event('listen:opened')
    const inside = join('/proc', String(program.child.pid), 'root', home, '.local/share')
    expect(() => writeFileSync(join(inside, 'filler'), Buffer.alloc(16 * 1024 * 1024))).toThrow('ENOSPC')
    const [id = ''] = await peerIds(1)
    program.child.stdin?.write(`name ${id} friend\n`)
    const told = await program.event('warning:raised', ({ topic }) => topic === 'plans')
    expect(told.cause).toMatch(/plans\.json: no space left on device/)
    // It goes on.
    spawnSync('rm', [join(inside, 'filler')])
    const [other = ''] = await peerIds(1)
    program.child.stdin?.write(`name ${other} another friend\n`)
    await program.event('warning:cleared', ({ topic }) => topic === 'plans')
    const plans = readFileSync(join(inside, 'p2p-tui/profiles/default/plans.json'), 'utf8')
    expect(plans).toContain('"friend"')
    expect(plans).toContain('"another friend"')
  },
)
