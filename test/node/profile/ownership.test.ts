import { chmod, chown, lchown, mkdir, rename, stat, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { dataDirectory, prepareDatastore, prepareDirectory } from '../../../src/node/profile/directory.ts'
import { openProfile } from '../../../src/node/profile/profile.ts'
import { failureOf } from '../../support/failures.ts'
import { scratchDirectory } from '../../support/scratch.ts'
import { startChild } from './fixtures/child.ts'

const isRoot = process.getuid?.() === 0
const describePosix = describe.skipIf(process.platform === 'win32')
/** Giving files away takes root. */
const asRoot = isRoot
  ? it
  : (name: string, _: () => Promise<void>) => it.skip(`${name} (not run as root)`, () => {})
const SOMEBODY = 65_534

/** A data directory with a profile in it, made as the program does. */
async function withProfile() {
  const scratch = await scratchDirectory()
  const dataDir = join(scratch, 'data')
  const options = { profile: 'default', dataDir, ephemeral: false }
  const open = async () => {
    const profile = await openProfile(options)
    await profile.close()
    return profile
  }
  await open()
  const profiles = join(dataDir, 'profiles')
  return { scratch, dataDir, profiles, directory: join(profiles, 'default'), open }
}

describePosix('a place that others can write', () => {
  it.each([0o777, 0o770, 0o707, 0o720])('refuses profiles/ with mode %o, and says what to do', async mode => {
    const { profiles, open } = await withProfile()
    await chmod(profiles, mode)
    const failure = await failureOf(open)
    expect(failure.stage).toBe('start')
    expect(failure.cause).toBe(`Other users may write in ${profiles}, and could put another profile there`)
    expect(failure.hint).toContain(`chmod go-w ${profiles}`)
    expect(failure.hint).toMatch(/--data-dir.*--ephemeral.*--profile/)
    // It is the person's to change.
    expect((await stat(profiles)).mode & 0o777).toBe(mode)
    await chmod(profiles, mode & ~0o022)
    expect((await open()).profile).toBe('default')
  })

  it('refuses the data directory itself', async () => {
    const { dataDir, open } = await withProfile()
    await chmod(dataDir, 0o775)
    expect((await failureOf(open)).hint).toContain(`chmod go-w ${dataDir}`)
  })

  it('above the data directory is refused where it is open to all, not where it is to a group', async () => {
    const { scratch, open } = await withProfile()
    await chmod(scratch, 0o775)
    expect((await open()).profile).toBe('default')
    await chmod(scratch, 0o777)
    expect((await failureOf(open)).hint).toContain(`chmod go-w ${scratch}`)
  })

  it('will do with the sticky bit, in which what is ours stays ours', async () => {
    const { scratch, dataDir, directory, open } = await withProfile()
    await chmod(scratch, 0o1777)
    await chmod(dataDir, 0o1777)
    expect((await open()).profile).toBe('default')
    // But the profile itself is nobody else's.
    await chmod(directory, 0o1777)
    expect((await failureOf(open)).hint).toContain(`chmod 700 ${directory}`)
  })

  it('refuses a datastore that others reach and may write', async () => {
    const { directory, open } = await withProfile()
    const datastore = join(directory, 'datastore')
    await chmod(directory, 0o711)
    await chmod(datastore, 0o777)
    expect((await failureOf(open)).hint).toContain(`chmod 700 ${datastore}`)
  })

  it('closes a datastore that an earlier version left open where nobody came', async () => {
    const { directory, open } = await withProfile()
    const datastore = join(directory, 'datastore')
    await chmod(datastore, 0o777)
    expect((await open()).profile).toBe('default')
    expect((await stat(datastore)).mode & 0o777).toBe(0o700)
  })

  it('is not made by us, even with a umask of 0', async () => {
    const scratch = await scratchDirectory()
    await using child = await startChild('open', scratch, { umask: 0 })
    expect((await child.go()).profile).toBe('default')
    for (const path of ['profiles', 'profiles/default', 'profiles/default/datastore']) {
      expect((await stat(join(scratch, path))).mode & 0o777).toBe(0o700)
    }
  })
})

describePosix('what belongs to somebody else', () => {
  asRoot('is refused wherever it is on the way, with how to take it over', async () => {
    const { scratch, dataDir, profiles, directory, open } = await withProfile()
    for (const path of [scratch, dataDir, profiles, directory, join(directory, 'datastore')]) {
      await chown(path, SOMEBODY, SOMEBODY)
      const failure = await failureOf(open)
      expect(failure.cause).toBe(
        `${path}, on the way to the profile, belongs to another user (uid ${SOMEBODY})`,
      )
      expect(failure.hint).toContain(`chown 0 ${path}`)
      await chown(path, 0, 0)
    }
    expect((await open()).profile).toBe('default')
  })

  asRoot('is refused when it is the key', async () => {
    const { directory, open } = await withProfile()
    const key = join(directory, 'identity.key')
    await chown(key, SOMEBODY, SOMEBODY)
    const failure = await failureOf(open)
    expect(failure.cause).toBe(`The key file ${key} belongs to another user (uid ${SOMEBODY})`)
    expect(failure.hint).toContain(`chown 0 ${key}`)
  })

  asRoot('is refused when it is the file of plans', async () => {
    const { directory, open } = await withProfile()
    const plans = join(directory, 'plans.json')
    await writeFile(plans, '', { mode: 0o600 })
    await chown(plans, SOMEBODY, SOMEBODY)
    expect((await failureOf(open)).cause).toContain(`${plans} belongs to another user`)
  })

  asRoot('is refused when it is a link, before anything is made where it leads', async () => {
    const scratch = await scratchDirectory()
    const elsewhere = join(scratch, 'elsewhere')
    await mkdir(elsewhere)
    await symlink(elsewhere, join(scratch, 'data'))
    await lchown(join(scratch, 'data'), SOMEBODY, SOMEBODY)
    const dataDir = join(scratch, 'data')
    const failure = await failureOf(() => prepareDirectory(join(dataDir, 'profiles/p'), dataDir))
    expect(failure.cause).toContain(
      `${dataDir}, on the way to the profile, is a link that belongs to another user`,
    )
    await expect(stat(join(elsewhere, 'profiles'))).rejects.toThrow('ENOENT')
  })

  asRoot('is not opened by that user either when it is ours', async () => {
    const { scratch, dataDir, profiles, directory } = await withProfile()
    for (const path of [scratch, dataDir, profiles, directory]) await chmod(path, 0o755)
    await using child = await startChild('open', dataDir, { uid: SOMEBODY })
    expect((await child.go()).failure?.cause).toMatch(/identity.key cannot be read: permission denied/)
  })
})

describePosix('a link on the way', () => {
  it('is followed when it is ours, and where it leads is looked at', async () => {
    const { scratch, profiles, open } = await withProfile()
    const real = join(scratch, 'real')
    await rename(profiles, real)
    await symlink('../real', profiles)
    expect((await open()).profile).toBe('default')
    await chmod(real, 0o775)
    expect((await failureOf(open)).hint).toContain(`chmod go-w ${real}`)
  })

  it('is looked at behind it too: a link to a place within one that all can write', async () => {
    const { scratch, profiles, open } = await withProfile()
    const shared = join(scratch, 'shared')
    await mkdir(shared)
    await chmod(shared, 0o777)
    await rename(profiles, join(shared, 'profiles'))
    await symlink(join(shared, 'profiles'), profiles)
    expect((await failureOf(open)).hint).toContain(`chmod go-w ${shared}`)
  })

  it('that leads to itself comes to an end', async () => {
    const scratch = await scratchDirectory()
    await symlink('loop', join(scratch, 'loop'))
    const failure = await failureOf(() => prepareDirectory(join(scratch, 'loop', 'p')))
    expect(failure.cause).toMatch(/too many links/)
  })
})

it('a place for the datastore may be missing', async () => {
  const path = join(await scratchDirectory(), 'datastore')
  expect(await prepareDatastore(path)).toBe(path)
})

describePosix('the home directory', () => {
  it('is that of the system where HOME is empty or relative, never the working directory', async () => {
    const scratch = await scratchDirectory()
    for (const home of ['', 'relative']) {
      await using child = await startChild('home', scratch, { before: `export HOME=${home} XDG_DATA_HOME=` })
      expect((await child.go()).directory).toMatch(/^\/.*\.local\/share\/p2p-tui$/)
    }
  })

  asRoot('that nobody knows is told, with what to do', async () => {
    const scratch = await scratchDirectory()
    await using child = await startChild('home', scratch, {
      before: 'unset HOME XDG_DATA_HOME; export npm_config_cache=',
      uid: 54_321,
    })
    const { failure } = await child.go()
    expect(failure?.cause).toContain('There is no home directory to keep the profile in')
    expect(failure?.hint).toMatch(/Set HOME.*--data-dir.*--ephemeral/)
  })

  it('does not matter to whoever names a place', () => {
    expect(dataDirectory('/data')).toBe('/data')
  })
})
