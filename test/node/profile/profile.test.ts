import fs, { chmod, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { syncBuiltinESMExports } from 'node:module'
import { join } from 'node:path'
import { peerIdFromPrivateKey } from '@libp2p/peer-id'
import { createLibp2p } from 'libp2p'
import { describe, expect, it, onTestFinished } from 'vitest'
import { type OpenedProfile, openProfile, readPeerId } from '../../../src/node/profile/profile.ts'
import { failureOf } from '../../support/failures.ts'
import { peerIds } from '../../support/peer-ids.ts'
import { scratchDirectory } from '../../support/scratch.ts'
import { startChild } from './fixtures/child.ts'

/** Listing a datastore fails until the test is over, as over a network whose server has gone. */
function failToList(): { again: () => void } {
  const { readdir } = fs
  const again = (): void => {
    fs.readdir = readdir
    syncBuiltinESMExports()
  }
  fs.readdir = ((...args: Parameters<typeof readdir>) =>
    String(args[0]).endsWith('/datastore')
      ? Promise.reject(Object.assign(new Error('EIO'), { code: 'EIO', errno: -5 }))
      : readdir(...args)) as typeof readdir
  syncBuiltinESMExports()
  onTestFinished(again)
  return { again }
}

function optionsFor(dataDir: string, profile = 'default') {
  return { profile, dataDir, ephemeral: false }
}

async function opened(dataDir: string, profile = 'default'): Promise<OpenedProfile> {
  const result = await openProfile(optionsFor(dataDir, profile))
  onTestFinished(() => result.close())
  return result
}

function peerIdOf(profile: OpenedProfile): string {
  return peerIdFromPrivateKey(profile.privateKey).toString()
}

describe('a profile', () => {
  it('gives the same identity each time, and another one under another name', async () => {
    const dataDir = await scratchDirectory()
    const first = await opened(dataDir)
    await first.close()
    const again = await opened(dataDir)
    const other = await opened(dataDir, 'work')
    expect(peerIdOf(again)).toBe(peerIdOf(first))
    expect(peerIdOf(other)).not.toBe(peerIdOf(first))
    expect([first.profile, again.profile, other.profile]).toEqual(['default', 'default', 'work'])
    expect([...first.notices, ...again.notices, ...other.notices]).toEqual([])
    expect(await readdir(join(dataDir, 'profiles/default'))).toEqual(['datastore', 'identity.key'])
  })

  it('lets a node remember peers', async () => {
    const dataDir = await scratchDirectory()
    const friend = peerIdFromPrivateKey((await openProfile({ profile: 'x', ephemeral: true })).privateKey)
    for (const run of ['first', 'second']) {
      const { privateKey, datastore, close } = await openProfile(optionsFor(dataDir))
      if (datastore === undefined) throw new Error('no datastore')
      const node = await createLibp2p({ privateKey, datastore, start: false })
      if (run === 'first') await node.peerStore.merge(friend, { tags: { seen: { value: 1 } } })
      else expect((await node.peerStore.get(friend)).tags.has('seen')).toBe(true)
      await node.stop()
      await close()
    }
  })

  it('is ephemeral when asked to be, and then touches no disk', async () => {
    const dataDir = join(await scratchDirectory(), 'none')
    const one = await openProfile({ ...optionsFor(dataDir), ephemeral: true })
    const two = await openProfile({ ...optionsFor(dataDir), ephemeral: true })
    expect(peerIdOf(one)).not.toBe(peerIdOf(two))
    expect(one).not.toHaveProperty('profile')
    expect(one).not.toHaveProperty('datastore')
    expect(one.notices).toEqual([])
    await one.close()
    await expect(readdir(dataDir)).rejects.toThrow('ENOENT')
  })

  it('does not open with a key that will not do, and opens nothing else either', async () => {
    const dataDir = await scratchDirectory()
    const directory = join(dataDir, 'profiles/default')
    await mkdir(directory, { recursive: true, mode: 0o700 })
    await writeFile(join(directory, 'identity.key'), '')
    await chmod(join(directory, 'identity.key'), 0o600)
    const failure = await failureOf(() => openProfile(optionsFor(dataDir)))
    expect(failure.cause).toContain('identity.key is empty')
    expect(await readdir(directory)).toEqual(['identity.key'])
  })
})

describe('a second copy', () => {
  it('in another process goes on with an ephemeral identity and says so', async () => {
    const dataDir = await scratchDirectory()
    const first = await opened(dataDir)
    await using child = await startChild('open', dataDir)
    const answer = await child.go()
    expect(answer.peerId).toMatch(/^12D3KooW/)
    expect(answer.peerId).not.toBe(peerIdOf(first))
    expect(answer.profile).toBeUndefined()
    expect(answer.notices).toHaveLength(1)
    expect(answer.notices?.[0]?.cause).toMatch(/Another copy is running on the profile "default".*ephemeral/)
    expect(answer.notices?.[0]?.hint).toContain('--profile')
  })

  it('gets the profile when the first one was killed', async () => {
    const dataDir = await scratchDirectory()
    await using child = await startChild('open', dataDir)
    const first = await child.go()
    expect(first.profile).toBe('default')
    const second = await opened(dataDir)
    expect(second.profile).toBeUndefined()
    await child.kill()
    const third = await opened(dataDir)
    expect(third.profile).toBe('default')
    expect(peerIdOf(third)).toBe(first.peerId)
  })

  it('in the same process does not take the lock from the first one', async () => {
    const dataDir = await scratchDirectory()
    const first = await opened(dataDir)
    // LevelDB asked twice in one process refuses, and loses the lock of the first: POSIX locks end with any close.
    const second = await opened(dataDir)
    await symlink(join(dataDir, 'profiles/default'), join(dataDir, 'profiles/alias'))
    const third = await opened(dataDir, 'alias')
    for (const late of [second, third]) {
      expect(late.profile).toBeUndefined()
      expect(late.notices[0]?.cause).toContain('Another copy is running')
    }
    await second.close()
    await using child = await startChild('open', dataDir)
    expect((await child.go()).profile).toBeUndefined()
    expect(first.profile).toBe('default')
  })

  it('is kept out by the copy that came after a close that was called twice', async () => {
    const dataDir = await scratchDirectory()
    const first = await opened(dataDir)
    await Promise.all([first.close(), first.close()])
    const second = await opened(dataDir)
    await first.close()
    expect(second.profile).toBe('default')
    expect((await opened(dataDir)).profile).toBeUndefined()
    await using child = await startChild('open', dataDir)
    expect((await child.go()).profile).toBeUndefined()
  })
})

describe('a datastore that cannot be used', () => {
  it.each([
    ['damaged', 'CURRENT', '', 'CURRENT is damaged'],
    ['missing a part', 'CURRENT', 'MANIFEST-999999\n', 'MANIFEST-999999 is missing'],
  ])(
    'costs neither the identity nor the start when it is %s, and is kept aside',
    async (_, file, content, reason) => {
      const dataDir = await scratchDirectory()
      const first = await opened(dataDir)
      const [friend = ''] = await peerIds(1)
      await first.notes.change(friend, note => ({ ...note, name: 'old laptop' }))
      await first.close()
      const directory = join(dataDir, 'profiles/default')
      const key = await readFile(join(directory, 'identity.key'))
      await writeFile(join(directory, 'datastore', file), content)

      const second = await opened(dataDir)
      expect(second.profile).toBe('default')
      expect(peerIdOf(second)).toBe(peerIdOf(first))
      expect(second.notes.of(friend).name).toBe('old laptop')
      const aside = (await readdir(directory)).find(name => name.startsWith('datastore.damaged-')) ?? ''
      expect(await readFile(join(directory, aside, file), 'utf8')).toBe(content)
      expect(second.notices).toHaveLength(1)
      expect(second.notices[0]?.topic).toBe('datastore')
      expect(second.notices[0]?.cause).toContain(reason)
      expect(second.notices[0]?.hint).toContain(join(directory, aside))
      expect(await readFile(join(directory, 'identity.key'))).toEqual(key)
    },
  )

  it('is left as it is, with its lock, when it cannot be mended', async () => {
    const dataDir = await scratchDirectory()
    await (await opened(dataDir)).close()
    const directory = join(dataDir, 'profiles/default')
    await writeFile(join(directory, 'datastore/CURRENT'), '')
    // Something else stands where the new one is to be made.
    await writeFile(join(directory, 'datastore.new'), '')
    const profile = await opened(dataDir)
    expect(profile.profile).toBeUndefined()
    expect(profile.notices[0]?.cause).toMatch(
      /cannot be used: it is damaged \(CURRENT is damaged\), and no new one can be made: file already exists; .*ephemeral/,
    )
    expect(await readFile(join(directory, 'datastore/CURRENT'), 'utf8')).toBe('')
  })

  it('is not taken for damaged while another copy writes it', async () => {
    const dataDir = await scratchDirectory()
    await using child = await startChild('open', dataDir)
    await child.go()
    const directory = join(dataDir, 'profiles/default')
    // What a reader may see of a file that is being replaced.
    await writeFile(join(directory, 'datastore/CURRENT'), '')
    const second = await opened(dataDir)
    expect(second.notices[0]?.cause).toContain('Another copy is running')
    expect((await readdir(directory)).sort()).toEqual(['datastore', 'identity.key'])
  })

  it('is mended by one of those that start at once', async () => {
    const dataDir = await scratchDirectory()
    await (await opened(dataDir)).close()
    const directory = join(dataDir, 'profiles/default')
    await writeFile(join(directory, 'datastore/CURRENT'), '')
    const children = await Promise.all(Array.from({ length: 3 }, () => startChild('open', dataDir)))
    const answers = await Promise.all(children.map(child => child.go()))
    await Promise.all(children.map(child => child[Symbol.asyncDispose]()))
    expect(answers.filter(({ profile }) => profile === 'default').length).toBeLessThanOrEqual(1)
    expect((await readdir(directory)).filter(name => name.includes('damaged'))).toHaveLength(1)
    expect((await opened(dataDir)).profile).toBe('default')
  })

  it('is told from a running copy when something else has its place', async () => {
    const dataDir = await scratchDirectory()
    await mkdir(join(dataDir, 'profiles/default'), { recursive: true, mode: 0o700 })
    await writeFile(join(dataDir, 'profiles/default/datastore'), '')
    const profile = await opened(dataDir)
    expect(profile.profile).toBeUndefined()
    expect(profile.notices[0]?.cause).toMatch(/cannot be used: file already exists.*ephemeral/)
  })
})

describe('the Peer ID of a profile', () => {
  it('can be read while a copy runs, without hindering it or the next one', async () => {
    const dataDir = await scratchDirectory()
    await using child = await startChild('open', dataDir)
    const running = await child.go()
    expect(await readPeerId(optionsFor(dataDir))).toBe(running.peerId)
    await child.kill()
    expect((await opened(dataDir)).profile).toBe('default')
  })

  it('is made when there is none, and is then the one the node has', async () => {
    const dataDir = await scratchDirectory()
    const peerId = await readPeerId(optionsFor(dataDir))
    expect(peerId).toMatch(/^12D3KooW/)
    expect(peerIdOf(await opened(dataDir))).toBe(peerId)
  })

  it('is a new one each time with an ephemeral identity', async () => {
    const options = { ...optionsFor(join(await scratchDirectory(), 'none')), ephemeral: true }
    expect(await readPeerId(options)).not.toBe(await readPeerId(options))
  })
})

describe('a disk that goes wrong', () => {
  it('is no damage: nothing is touched where a file cannot be read', async () => {
    const dataDir = await scratchDirectory()
    await (await opened(dataDir)).close()
    const directory = join(dataDir, 'profiles/default')
    const before = await readdir(join(directory, 'datastore'))
    const list = failToList()
    const second = await opened(dataDir)
    list.again()
    expect(second.profile).toBeUndefined()
    expect(second.notices[0]?.cause).toMatch(/datastore cannot be used: i\/o error; going on/)
    expect(await readdir(join(directory, 'datastore'))).toEqual(before)
    expect((await opened(dataDir)).profile).toBe('default')
  })

  it.skipIf(process.platform === 'win32' || process.getuid?.() === 0)(
    'or may not be written costs the identity of this run only',
    async () => {
      const dataDir = await scratchDirectory()
      await (await opened(dataDir)).close()
      const datastore = join(dataDir, 'profiles/default/datastore')
      await chmod(datastore, 0o500)
      const second = await opened(dataDir)
      await chmod(datastore, 0o700)
      expect(second.profile).toBeUndefined()
      expect(second.notices[0]?.cause).toContain('cannot be used')
    },
  )
})
