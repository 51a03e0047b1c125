import { spawnSync } from 'node:child_process'
import { chmod, link, mkdir, readdir, readFile, rename, stat, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { generateKeyPair, privateKeyToProtobuf } from '@libp2p/crypto/keys'
import { describe, expect, it } from 'vitest'
import { keptIdentity } from '../../../src/node/profile/identity.ts'
import { createKeyFile, readKeyFile } from '../../../src/node/profile/key-file.ts'
import { failureOf } from '../../support/failures.ts'
import { scratchDirectory } from '../../support/scratch.ts'
import { startChild } from './fixtures/child.ts'

const posixOnly = it.skipIf(process.platform === 'win32')
const key = privateKeyToProtobuf(await generateKeyPair('Ed25519'))
const secp256k1 = privateKeyToProtobuf(await generateKeyPair('secp256k1'))

async function withKeyFile(content: Uint8Array | string, mode = 0o600) {
  const directory = await scratchDirectory()
  const path = join(directory, 'identity.key')
  await writeFile(path, content)
  await chmod(path, mode)
  return { directory, path }
}

describe('an identity that is kept', () => {
  it('is made once and is the same ever after', async () => {
    const directory = await scratchDirectory()
    const first = await keptIdentity(directory)
    const written = await readFile(join(directory, 'identity.key'))
    expect(written).toHaveLength(68)
    const second = await keptIdentity(directory)
    expect(second.equals(first)).toBe(true)
    expect(await readFile(join(directory, 'identity.key'))).toEqual(written)
    expect(await readdir(directory)).toEqual(['identity.key'])
  })

  posixOnly('is for its owner alone, even with a umask of 0', async () => {
    const dataDir = await scratchDirectory()
    await using child = await startChild('id', dataDir, { umask: 0 })
    expect((await child.go()).peerId).toMatch(/^12D3KooW/)
    const directory = join(dataDir, 'profiles/default')
    expect((await stat(join(directory, 'identity.key'))).mode & 0o777).toBe(0o600)
    expect((await stat(directory)).mode & 0o777).toBe(0o700)
  })

  it('is not replaced by one that comes a moment later', async () => {
    const { directory, path } = await withKeyFile(key)
    const late = await createKeyFile(path, await generateKeyPair('Ed25519'))
    expect(late).toBeDefined()
    expect(await readFile(path)).toEqual(Buffer.from(key))
    expect(await readdir(directory)).toEqual(['identity.key'])
  })

  it('is one identity for all that make it at once', async () => {
    const directory = await scratchDirectory()
    const keys = await Promise.all(Array.from({ length: 20 }, () => keptIdentity(directory)))
    const kept = await readFile(join(directory, 'identity.key'))
    for (const each of keys) expect(Buffer.from(privateKeyToProtobuf(each))).toEqual(kept)
    expect(await readdir(directory)).toEqual(['identity.key'])
  })

  it('is one identity for all processes that make it at once', async () => {
    const dataDir = await scratchDirectory()
    const children = await Promise.all(Array.from({ length: 4 }, () => startChild('id', dataDir)))
    const answers = await Promise.all(children.map(child => child.go()))
    await Promise.all(children.map(child => child[Symbol.asyncDispose]()))
    expect(answers[0]?.peerId).toMatch(/^12D3KooW/)
    expect(new Set(answers.map(answer => answer.peerId)).size).toBe(1)
    expect(await readdir(join(dataDir, 'profiles/default'))).toEqual(['identity.key'])
  })
})

describe('a key file that will not do', () => {
  it.each([
    ['empty', new Uint8Array(), 'is empty'],
    ['cut short', key.subarray(0, 40), 'is cut short: 40 of 68 bytes are left'],
    ['of another kind', secp256k1, 'holds a key of the kind secp256k1, not Ed25519'],
    ['garbage', '\u001b[2J no key', 'does not hold an Ed25519 key'],
    ['PEM', '-----BEGIN PRIVATE KEY-----\n', 'is in PEM form'],
    ['damaged', key.with(60, (key[60] ?? 0) ^ 1), 'is damaged'],
    ['huge', new Uint8Array(1_000_000), 'does not hold an Ed25519 key'],
  ])('is refused and left alone when it is %s', async (_, content, problem) => {
    const { directory, path } = await withKeyFile(content)
    const before = await readFile(path)
    const failure = await failureOf(() => keptIdentity(directory))
    expect(failure.stage).toBe('start')
    expect(failure.cause).toContain(`${path} ${problem}`)
    expect(failure.hint).toMatch(/left as it is.*--ephemeral.*--profile/)
    expect(await readFile(path)).toEqual(before)
    expect(await readdir(directory)).toEqual(['identity.key'])
  })

  it('is not quoted in the error', async () => {
    const contents = [secp256k1, key.subarray(0, 67), key.with(60, (key[60] ?? 0) ^ 1)]
    for (const content of contents) {
      const { directory } = await withKeyFile(content)
      const error = await keptIdentity(directory).catch((reason: unknown) => reason)
      const secret = Buffer.from(content.subarray(4, 36))
      const told = inspect(error, {
        depth: null,
        showHidden: true,
        maxArrayLength: null,
        maxStringLength: null,
      })
      expect(told).toContain('identity.key')
      expect(told).not.toContain(secret.toString('hex'))
      expect(told).not.toContain(secret.toString('base64').slice(0, 20))
      expect(told).not.toContain([...secret.subarray(0, 8)].join(', '))
    }
  })

  posixOnly.each([0o640, 0o604, 0o644, 0o660, 0o620])('is refused with mode %o', async mode => {
    const { directory, path } = await withKeyFile(key, mode)
    const failure = await failureOf(() => keptIdentity(directory))
    expect(failure.cause).toContain(`${path} can be read by other users`)
    expect(failure.hint).toContain(`chmod 600 ${path}`)
    expect(failure.hint).toMatch(/--ephemeral.*--profile/)
    expect(await readFile(path)).toEqual(Buffer.from(key))
    expect((await stat(path)).mode & 0o777).toBe(mode)
    await chmod(path, 0o600)
    expect(privateKeyToProtobuf(await keptIdentity(directory))).toEqual(key)
  })

  it('is refused when it is a directory', async () => {
    const directory = await scratchDirectory()
    await mkdir(join(directory, 'identity.key'))
    const failure = await failureOf(() => keptIdentity(directory))
    // Windows does not even open it.
    expect(failure.cause).toMatch(/is not a file|cannot be read/)
    expect((await stat(join(directory, 'identity.key'))).isDirectory()).toBe(true)
  })

  posixOnly('is refused when it is a named pipe, without waiting for a writer', async () => {
    const directory = await scratchDirectory()
    expect(spawnSync('mkfifo', ['-m', '600', join(directory, 'identity.key')]).status).toBe(0)
    expect((await failureOf(() => keptIdentity(directory))).cause).toContain('is not a file')
  })

  posixOnly('is refused when it is a link to nothing, and nothing is made there', async () => {
    const directory = await scratchDirectory()
    await symlink(join(directory, 'elsewhere'), join(directory, 'identity.key'))
    const failure = await failureOf(() => keptIdentity(directory))
    expect(failure.cause).toContain('a link to a file that is not there')
    expect(await readdir(directory)).toEqual(['identity.key'])
  })

  posixOnly('is refused when it is a link, wherever that leads', async () => {
    const { directory, path } = await withKeyFile(key)
    const elsewhere = join(directory, 'elsewhere.key')
    await rename(path, elsewhere)
    await symlink(elsewhere, path)
    const failure = await failureOf(() => keptIdentity(directory))
    expect(failure.cause).toBe(`The key file ${path} is a link`)
    expect(failure.hint).toContain('Put the right key back')
  })

  posixOnly('is refused when it is a device', async () => {
    const directory = await scratchDirectory()
    const made = spawnSync('mknod', ['-m', '600', join(directory, 'identity.key'), 'c', '1', '5'])
    // Making one takes root; a link to one is refused as a link.
    if (made.status !== 0) await symlink('/dev/zero', join(directory, 'identity.key'))
    expect((await failureOf(() => keptIdentity(directory))).cause).toMatch(
      /is not a file|is a link|cannot be read/,
    )
  })

  posixOnly('is refused when it belongs to somebody else', async () => {
    // Root may read everything: as root, another user's process has to try. As a user, a file without any mode does.
    const asRoot = process.getuid?.() === 0
    const dataDir = await scratchDirectory()
    const directory = join(dataDir, 'profiles/default')
    await mkdir(directory, { recursive: true, mode: 0o711 })
    const path = join(directory, 'identity.key')
    await writeFile(path, key, { mode: 0o600 })
    if (asRoot) await chmod(dataDir, 0o711)
    else await chmod(path, 0o000)
    await using child = await startChild('id', dataDir, asRoot ? { uid: 65_534 } : {})
    const { failure } = await child.go()
    expect(failure?.stage).toBe('start')
    expect(failure?.cause).toBe(`The key file ${path} cannot be read: permission denied`)
    expect(failure?.hint).toContain(`ls -ld ${path}), then: chmod 600 ${path}`)
    expect(failure?.hint).toMatch(/--ephemeral.*--profile/)
    if (!asRoot) await chmod(path, 0o600)
    expect(await readFile(path)).toEqual(Buffer.from(key))
  })
})

describe('a key that was interrupted while it was made', () => {
  posixOnly('leaves nothing when its bytes cannot be written', async () => {
    const dataDir = await scratchDirectory()
    // A limit of 0 on the size of files is a disk that fills up after the file has its name.
    await using child = await startChild('id', dataDir, { before: 'ulimit -f 0' })
    const { failure } = await child.go()
    expect(failure?.cause).toMatch(/identity.key: file too large/)
    expect(failure?.hint).toMatch(/--data-dir.*--ephemeral/)
    expect(await readdir(join(dataDir, 'profiles/default'))).toEqual([])
  })

  it('is not taken for a key, and is cleared away once there is one', async () => {
    const directory = await scratchDirectory()
    const draft = join(directory, 'identity.key.7f3a.tmp')
    await writeFile(draft, key.subarray(0, 30), { mode: 0o600 })
    expect(await readKeyFile(join(directory, 'identity.key'))).toBeUndefined()
    const made = await keptIdentity(directory)
    expect(privateKeyToProtobuf(made)).not.toEqual(key)
    expect(await readdir(directory)).toEqual(['identity.key'])
  })

  it('is whole when only the clearing away is missing', async () => {
    const { directory, path } = await withKeyFile(key)
    await link(path, join(directory, 'identity.key.7f3a.tmp'))
    await writeFile(join(directory, 'identity.key.backup'), 'mine')
    expect(privateKeyToProtobuf(await keptIdentity(directory))).toEqual(key)
    expect((await readdir(directory)).sort()).toEqual(['identity.key', 'identity.key.backup'])
  })
})
