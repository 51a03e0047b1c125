import { chmod, mkdir, stat, symlink, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { prepareDirectory, profileDirectory } from '../../../src/node/profile/directory.ts'
import { failureOf } from '../../support/failures.ts'
import { scratchDirectory } from '../../support/scratch.ts'

const platform = process.platform
const linuxOnly = it.skipIf(platform !== 'linux')
const posixOnly = it.skipIf(platform === 'win32')

afterEach(() => {
  vi.unstubAllEnvs()
  Object.defineProperty(process, 'platform', { value: platform })
})

describe('where a profile is', () => {
  it('is below the directory that was chosen', () => {
    expect(profileDirectory({ profile: 'work', dataDir: '/data' })).toBe('/data/profiles/work')
  })

  linuxOnly('follows XDG_DATA_HOME, under our plain name', () => {
    vi.stubEnv('XDG_DATA_HOME', '/xdg')
    expect(profileDirectory({ profile: 'default' })).toBe('/xdg/p2p-tui/profiles/default')
  })

  linuxOnly.each([undefined, '', 'relative/data'])(
    'is in the home directory when XDG_DATA_HOME is %j',
    value => {
      vi.stubEnv('XDG_DATA_HOME', value)
      const home = join(homedir(), '.local/share/p2p-tui/profiles/default')
      expect(profileDirectory({ profile: 'default' })).toBe(home)
    },
  )

  posixOnly('is in Application Support on macOS', () => {
    Object.defineProperty(process, 'platform', { value: 'darwin' })
    const expected = join(homedir(), 'Library/Application Support/p2p-tui/profiles/default')
    expect(profileDirectory({ profile: 'default' })).toBe(expected)
  })

  linuxOnly('does not take an empty choice for the working directory', () => {
    vi.stubEnv('XDG_DATA_HOME', '/xdg')
    expect(profileDirectory({ profile: 'default', dataDir: '' })).toBe('/xdg/p2p-tui/profiles/default')
  })

  it.each(['a', 'default', 'Bob.2', 'under_score-dash', '-', 'x'.repeat(64)])('accepts the name %j', name => {
    expect(profileDirectory({ profile: name, dataDir: '/d' })).toBe(`/d/profiles/${name}`)
  })

  it.each([
    '',
    '.',
    '..',
    '../x',
    '/etc',
    'a/b',
    'a\\b',
    'a\0b',
    'a\n',
    '.hidden',
    'ends.',
    'with blank',
    'naïve',
    'CON',
    'lpt1.txt',
    '\u001b[2J',
    'x'.repeat(65),
    'x'.repeat(1_000_000),
  ])('refuses the name %j in plain words', async name => {
    const failure = await failureOf(() => profileDirectory({ profile: name, dataDir: '/d' }))
    expect(failure.stage).toBe('start')
    expect(failure.cause).toMatch(name === '' ? /needs a name/ : /cannot be a profile's name/)
    expect(failure.cause).not.toMatch(/[\p{Cc}]/u)
    expect(failure.cause.length).toBeLessThan(128)
    expect(failure.hint).toContain('--profile')
  })
})

describe('making the directory', () => {
  posixOnly('makes it for its owner alone, whatever the umask', async () => {
    const directory = join(await scratchDirectory(), 'share/p2p-tui/profiles/default')
    const before = process.umask(0)
    try {
      expect(await prepareDirectory(directory)).toBe(directory)
    } finally {
      process.umask(before)
    }
    expect((await stat(directory)).mode & 0o777).toBe(0o700)
    expect((await stat(join(directory, '../../..'))).mode & 0o777).toBe(0o700)
  })

  it('gives one real path for two ways to it', async () => {
    const scratch = await scratchDirectory()
    await symlink(join(scratch, 'real'), join(scratch, 'alias'))
    await mkdir(join(scratch, 'real'))
    expect(await prepareDirectory(join(scratch, 'alias/p'))).toBe(
      await prepareDirectory(join(scratch, 'real/p')),
    )
  })

  posixOnly('refuses one in which others could swap the key, and leaves its mode alone', async () => {
    const directory = join(await scratchDirectory(), "bob's data")
    await mkdir(directory)
    await chmod(directory, 0o770)
    const failure = await failureOf(() => prepareDirectory(directory))
    expect(failure.cause).toContain('Other users may write')
    expect(failure.hint).toContain(`chmod 700 '${directory.replace("'", String.raw`'\''`)}'`)
    expect(failure.hint).toContain('--ephemeral')
    expect((await stat(directory)).mode & 0o777).toBe(0o770)
  })

  it('says why it cannot be made, and what else would do', async () => {
    const file = join(await scratchDirectory(), 'file')
    await writeFile(file, '')
    const failure = await failureOf(() => prepareDirectory(join(file, 'profiles/default')))
    expect(failure.stage).toBe('start')
    expect(failure.cause).toMatch(/not a directory/)
    expect(failure.hint).toMatch(/--data-dir.*--ephemeral.*--profile/)
  })

  it('takes a path that is none', async () => {
    const failure = await failureOf(() => prepareDirectory('/data\0/x'))
    expect(failure.cause).toContain('cannot be used')
    expect(failure.cause).not.toContain('\0')
  })
})
