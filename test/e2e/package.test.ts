import { execFile } from 'node:child_process'
import { constants } from 'node:fs'
import { access, cp, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { delimiter, dirname, join, relative } from 'node:path'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { LOOPBACK_ARGS } from '../support/program.ts'
import { scratchDirectory } from '../support/scratch.ts'

const run = promisify(execFile)
const ROOT = join(import.meta.dirname, '../..')

interface Packed {
  filename: string
  files: { path: string; mode: number }[]
}

/** A shell of somebody who has never run the program: an empty home, this Node.js, and npm as the machine sets it up. */
async function personsShell(home: string): Promise<NodeJS.ProcessEnv> {
  const ofThisRun =
    /^(npm_(package|lifecycle|command|execpath|node)|npm_config_(local_|global_)?prefix|INIT_CWD|VITEST|NODE_ENV)/
  const kept = Object.entries(process.env).filter(([name]) => !ofThisRun.test(name))
  const settings = await Promise.all(
    ['userconfig', 'cache'].map(async name => {
      const { stdout } = await run('npm', ['config', 'get', name], { cwd: ROOT })
      return [`npm_config_${name}`, stdout.trim()]
    }),
  )
  const path = [dirname(process.execPath), process.env.PATH].join(delimiter)
  return { ...Object.fromEntries([...kept, ...settings]), HOME: home, PATH: path }
}

it('the package holds what people need and nothing else, installs elsewhere, and runs with npx', async () => {
  const scratch = await scratchDirectory()
  const [home, project] = [join(scratch, 'home'), join(scratch, 'project')]
  await Promise.all([mkdir(home), mkdir(project)])
  const env = await personsShell(home)
  const inProject = (command: string, ...args: string[]) => run(command, args, { cwd: project, env })

  // What is tested is built already; building again would pull it from under the other tests.
  const pack = ['pack', '--json', '--ignore-scripts', '--pack-destination', scratch]
  const { stdout: packed } = await run('npm', pack, { cwd: ROOT, env })
  const { filename, files } = Object.values<Packed>(JSON.parse(packed))[0] as Packed
  const paths = files.map(({ path }) => path)
  expect(paths).toEqual(
    expect.arrayContaining([
      'LICENSE',
      'README.md',
      'package.json',
      'dist/cli.js',
      'dist/main.js',
      'dist/worker.js',
      'dist/THIRD-PARTY-NOTICES.txt',
    ]),
  )
  // Some modules are called `.node`, for Node.js.
  const ours = /^(dist\/[\w-]+(\.node-[\w-]+)?\.(js|txt)|CHANGELOG\.md|LICENSE|README\.md|package\.json)$/
  expect(paths.filter(path => !ours.test(path))).toEqual([])
  expect(files.find(({ path }) => path === 'dist/cli.js')?.mode).toBe(0o755)

  await writeFile(join(project, 'package.json'), '{ "name": "elsewhere", "private": true }')
  await inProject('npm', 'install', '--prefer-offline', '--no-audit', '--no-fund', join(scratch, filename))
  await access(join(project, 'node_modules/.bin/p2p-tui'), constants.X_OK)
  // What is in the bundle is not installed a second time.
  const installed = await readdir(join(project, 'node_modules'))
  expect(installed).toContain('classic-level')
  expect(installed.filter(name => /^(@(?!chainsafe)|libp2p|react|ink)/.test(name))).toEqual([])
  const chainsafe = await readdir(join(project, 'node_modules/@chainsafe'))
  expect(chainsafe.filter(name => !name.startsWith('libp2p-quic-'))).toEqual([])

  const npx = (...args: string[]) => inProject('npx', '--no', '--', 'p2p-tui', ...args)
  expect((await npx('--version')).stdout).toMatch(/^\d+\.\d+\.\d+\n$/)
  const { peerId } = JSON.parse((await npx('id', '--json')).stdout)
  const started = npx('--headless', '--json', ...LOOPBACK_ARGS)
  started.child.stdin?.end('quit\n')
  const events = (await started).stdout
    .trim()
    .split('\n')
    .map(line => JSON.parse(line))
  expect(events.find(({ type }) => type === 'node:started')).toMatchObject({ peerId })
  expect(events.at(-1)).toMatchObject({ type: 'node:stopped' })
}, 120_000)

/** A clone of its own: npx runs `prepare` in it, which builds anew, and other tests run the one of this clone. */
async function clone(): Promise<string> {
  const directory = join(await scratchDirectory(), 'clone')
  const own = (path: string) => !/^(node_modules|\.git)$/.test(relative(ROOT, path))
  await cp(ROOT, directory, { recursive: true, filter: own })
  await symlink(join(ROOT, 'node_modules'), join(directory, 'node_modules'))
  return directory
}

// With --no nothing is fetched. Without the dashes npx takes --version for its own.
it.each(['npm start --silent -- --version', 'npx --no -- p2p-tui --version'])(
  'in a clone it runs with %s',
  async line => {
    const home = join(await scratchDirectory(), 'home')
    await mkdir(home)
    const [command = '', ...args] = line.split(' ')
    const { version } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8'))
    const { stdout } = await run(command, args, { cwd: await clone(), env: await personsShell(home) })
    expect(stdout).toBe(`${version}\n`)
  },
  60_000,
)
