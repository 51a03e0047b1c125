/** Options from a JSON file: the flags' names in camel case, and `dial` for the multiaddrs to dial. */
import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { nearest } from '../../core/nearest.ts'
import { joinSafe, type SafeText, safeMessage, safeText, say } from '../../core/safe-text.ts'
import type { Given } from './given.ts'
import type { OptionSpec } from './option.ts'
import { OPTIONS } from './table.ts'
import { UsageProblem } from './usage-problem.ts'

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
 * Reads a file of options.
 *
 * @param not keys that may not stand in this one
 * @throws {UsageProblem} when it cannot be read, is no JSON, or holds a key or a value that it should not: names each
 */
export async function readConfigFile(path: string, not: readonly (keyof Given)[] = []): Promise<Given> {
  const shown = safeMessage(path)
  let value: unknown
  try {
    value = JSON.parse(await readFile(path, 'utf8'))
  } catch (error) {
    throw new UsageProblem(say`cannot use the configuration file ${shown}: ${safeMessage(error)}`)
  }
  const result = configSchema.safeParse(value)
  if (result.success) {
    const misplaced = not.find(key => key in result.data)
    if (misplaced === undefined) return result.data as Given
    throw new UsageProblem(
      say`in the configuration file ${shown}: ${safeText(misplaced)} cannot be chosen here`,
    )
  }
  const problems = result.error.issues.flatMap(problemsOf)
  throw new UsageProblem(say`in the configuration file ${shown}: ${joinSafe(problems, ', ')}`)
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
