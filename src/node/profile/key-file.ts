/** The file that holds a profile's identity. It is created once and never written again. */
import { type FileHandle, link, open, readdir, rm, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { privateKeyToProtobuf } from '@libp2p/crypto/keys'
import type { Ed25519PrivateKey } from '@libp2p/interface'
import { RequestFailed } from '../../core/failure.ts'
import { type SafeText, safeText, say } from '../../core/safe-text.ts'
import { decodeKey } from './key-format.ts'
import { flushDirectory } from './make-directory.ts'
import { isLink, READ_OWN } from './own-file.ts'
import { isOurs, type Owned, otherUser, takeOver } from './ownership.ts'
import { makePrivate, OTHERWISE, shown, startFailure, systemCode, systemReason } from './problem.ts'

/** Far more than any key needs: whatever is there instead of one is not read into memory. */
const MAX_BYTES = 16_384

/**
 * Reads the key. The file is never changed, whatever is in it.
 *
 * @returns `undefined` when there is no such file
 * @throws {RequestFailed} at stage `start`: it is not a key, or not private
 */
export async function readKeyFile(path: string): Promise<Ed25519PrivateKey | undefined> {
  const bytes = await readPrivate(path)
  if (bytes === undefined) return undefined
  const decoded = decodeKey(bytes)
  if ('key' in decoded) return decoded.key
  throw notAKey(path, decoded.problem)
}

/**
 * Creates the file with this key, mode 0600, unless there is one by now: a whole file appears under its name in one
 * step or not at all, and never in place of another. Of several processes all but one fail here, and must read what
 * that one left.
 *
 * @returns why it was not created; `undefined` if it was
 */
export async function createKeyFile(
  path: string,
  key: Ed25519PrivateKey,
): Promise<RequestFailed | undefined> {
  const draft = `${path}.${crypto.randomUUID()}.tmp`
  try {
    await writeDraft(draft, privateKeyToProtobuf(key))
    // A hard link, unlike a rename, fails when the name is taken.
    await link(draft, path)
    await flushDirectory(dirname(path))
    return undefined
  } catch (error) {
    return startFailure(
      say`The identity cannot be kept in ${shown(path)}: ${systemReason(error)}`,
      say`Choose another place with --data-dir, or ${OTHERWISE}`,
    )
  } finally {
    await rm(draft, { force: true }).catch(() => {})
  }
}

/**
 * Removes drafts that a process left behind when it was killed while it created a key. Only call it when the key is
 * there: then no draft can become one any more. What cannot be removed is left: it is as private as the key.
 */
export async function removeDrafts(path: string): Promise<void> {
  const name = basename(path)
  const entries = await readdir(dirname(path)).catch(() => [])
  const drafts = entries.filter(entry => entry.startsWith(`${name}.`) && entry.endsWith('.tmp'))
  await Promise.all(drafts.map(draft => rm(join(dirname(path), draft), { force: true }).catch(() => {})))
}

async function readPrivate(path: string): Promise<Uint8Array | undefined> {
  let file: FileHandle | undefined
  try {
    file = await open(path, READ_OWN)
    // Of the open file, not of the path: nobody can swap it in between.
    const found = await file.stat()
    if (!found.isFile()) throw notAKey(path, safeText('is not a file'))
    if (!isOurs(found)) throw notOurs(path, found)
    // Mode bits mean nothing on Windows: there the user's own directories are private by their access lists.
    if (process.platform !== 'win32' && (found.mode & 0o077) !== 0) throw notPrivate(path)
    if (found.size > MAX_BYTES) throw notAKey(path, safeText("does not hold an Ed25519 key in libp2p's form"))
    return await file.readFile()
  } catch (error) {
    if (error instanceof RequestFailed) throw error
    if (systemCode(error) === 'ENOENT') return undefined
    if (await isLink(path)) throw await aLink(path)
    throw startFailure(
      say`The key file ${shown(path)} cannot be read: ${systemReason(error)}`,
      say`${makePrivate(path, 600)} or ${OTHERWISE}`,
    )
  } finally {
    await file?.close()
  }
}

async function writeDraft(draft: string, bytes: Uint8Array): Promise<void> {
  const file = await open(draft, 'wx', 0o600)
  try {
    await file.writeFile(bytes)
    // Data before name: after a power cut there is a whole key or none.
    await file.sync()
  } finally {
    await file.close()
  }
}

function notAKey(path: string, problem: SafeText): RequestFailed {
  return startFailure(
    say`The key file ${shown(path)} ${problem}`,
    say`It is left as it is. Put the right key back, or move it away to get a new identity; or ${OTHERWISE}`,
  )
}

function notPrivate(path: string): RequestFailed {
  return startFailure(
    say`The key file ${shown(path)} can be read by other users`,
    say`${makePrivate(path, 600)} or ${OTHERWISE}`,
  )
}

function notOurs(path: string, found: Owned): RequestFailed {
  return startFailure(
    say`The key file ${shown(path)} belongs to ${otherUser(found)}`,
    say`${takeOver(path)}; or ${OTHERWISE}`,
  )
}

/** Whoever can write where it leads decides which key it is. */
async function aLink(path: string): Promise<RequestFailed> {
  const leads = await stat(path).catch(() => undefined)
  return notAKey(
    path,
    leads === undefined ? safeText('is a link to a file that is not there') : safeText('is a link'),
  )
}
