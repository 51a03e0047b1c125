/** Options from a JSON file: the flags' names in camel case, and `dial` for the multiaddrs to dial. */
import { open } from 'node:fs/promises'
import { dirname } from 'node:path'
import { z } from 'zod'
import { RequestFailed } from '../../core/failure.ts'
import { nearest } from '../../core/nearest.ts'
import { joinSafe, type SafeText, safeMessage, safeText, say } from '../../core/safe-text.ts'
import { readOwnFile } from '../../node/profile/own-file.ts'
import { demandOwnPath } from '../../node/profile/ownership.ts'
import type { Given } from './given.ts'
import type { OptionSpec } from './option.ts'
import { OPTIONS } from './table.ts'
import { UsageProblem } from './usage-problem.ts'

/** Far more than all options together; in bytes. */
const MAX_BYTES = 1024 * 1024

/** So many of its problems are named. */
const MOST_PROBLEMS = 8

const text = z.string().min(1)

/** What may stand in the file: each option by its key, and what to dial. A file cannot name another one. */
export const configSchema = z
  .strictObject({
    dial: z.array(text),
    ...Object.fromEntries(
      OPTIONS.filter(({ key }) => key !== 'config').map(option => [option.key, schemaOf(option)]),
    ),
  })
  .partial()

function schemaOf({ kind, range = { least: 0, most: Number.MAX_SAFE_INTEGER } }: OptionSpec): z.ZodType {
  switch (kind) {
    case 'on':
    case 'off':
      return z.boolean()
    case 'text':
      return text
    case 'texts':
      return z.array(text)
    case 'count':
      return z.int().min(range.least).max(range.most)
    case 'seconds': {
      const seconds = z.number().min(range.least).max(range.most)
      return range.orZero === true ? z.union([z.literal(0), seconds]) : seconds
    }
  }
}

/**
 * Reads a file of options, whatever it is: a person named it.
 *
 * @throws {UsageProblem} when it cannot be read, is no JSON, or holds a key or a value that it should not: names each
 */
export async function readConfigFile(path: string): Promise<Given> {
  return optionsIn(path, await readSome(path).catch(error => unusable(path, safeMessage(error))))
}

/**
 * Reads a file of options that nobody named, but that stands in a profile.
 *
 * @param dataDir the directory from which on nobody else may write
 * @param not keys that may not stand in this one
 * @throws {UsageProblem} as {@link readConfigFile}, and when others could have written it
 */
export async function readOwnConfigFile(
  path: string,
  dataDir: string,
  not: readonly (keyof Given)[],
): Promise<Given> {
  return optionsIn(path, await readOwn(path, dataDir), not)
}

async function readOwn(path: string, dataDir: string): Promise<string> {
  try {
    await demandOwnPath(dirname(path), dataDir)
    const file = await readOwnFile(path, MAX_BYTES, true)
    switch (file.state) {
      case 'read':
        return file.bytes.toString('utf8')
      case 'odd':
        return unusable(path, say`it ${file.what}`)
      case 'unreadable':
        return unusable(path, file.reason)
      case 'absent':
        return '{}'
    }
  } catch (error) {
    if (!(error instanceof RequestFailed)) throw error
    const { cause, hint } = error.failure
    return unusable(path, say`${cause}. ${hint}`)
  }
}

function unusable(path: string, reason: SafeText): never {
  throw new UsageProblem(say`cannot use the configuration file ${safeMessage(path)}: ${reason}`)
}

function optionsIn(path: string, json: string, not: readonly (keyof Given)[] = []): Given {
  const shown = safeMessage(path)
  let value: unknown
  try {
    value = JSON.parse(json)
  } catch (error) {
    return unusable(path, safeMessage(error))
  }
  const result = configSchema.safeParse(value)
  if (result.success) {
    const misplaced = not.find(key => key in result.data)
    if (misplaced === undefined) return result.data as Given
    throw new UsageProblem(
      say`in the configuration file ${shown}: ${safeText(misplaced)} cannot be chosen here`,
    )
  }
  const all = result.error.issues.flatMap(problemsOf)
  const more = all.length - MOST_PROBLEMS
  const problems = more > 0 ? [...all.slice(0, MOST_PROBLEMS), say`and ${more} more`] : all
  throw new UsageProblem(say`in the configuration file ${shown}: ${joinSafe(problems, ', ')}`)
}

/** Reads a file that has an end, not too far away: what is given may be a device, or a pipe. */
async function readSome(path: string): Promise<string> {
  await using file = await open(path)
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of file.createReadStream({ autoClose: false, end: MAX_BYTES })) {
    chunks.push(chunk)
    length += chunk.length
  }
  if (length > MAX_BYTES) throw new Error(`it has more than ${MAX_BYTES / 1024} KiB`)
  return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks))
}

function problemsOf(issue: z.core.$ZodIssue): SafeText[] {
  if (issue.code === 'unrecognized_keys') return issue.keys.map(unknownKey)
  const where = issue.path.length === 0 ? say`the file` : safeText(issue.path.join('.'))
  return [say`${where}: ${safeMessage(issue.message)}`]
}

function unknownKey(key: string): SafeText {
  const near = nearest(key, Object.keys(configSchema.shape))
  const guess = near === undefined ? say`` : say`; did you mean ${safeText(near)}?`
  return say`unknown key "${safeText(key)}"${guess}`
}
