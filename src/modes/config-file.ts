/** Options from a JSON file: the flags' names in camel case, and `dial` for the multiaddrs to dial. */
import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { nearest } from '../core/nearest.ts'
import { joinSafe, type SafeText, safeMessage, safeText, say } from '../core/safe-text.ts'
import { type Given, OPTIONS, UsageProblem } from './options.ts'

const rangeOf = (key: keyof Given) => OPTIONS.find(option => option.key === key)?.range
const seconds = (key: keyof Given) => {
  const range = rangeOf(key)
  const number = z
    .number()
    .min(range?.least ?? 0)
    .max(range?.most ?? Number.MAX_SAFE_INTEGER)
  return range?.orZero === true ? z.union([z.literal(0), number]) : number
}
const count = (key: keyof Given) =>
  z
    .int()
    .min(rangeOf(key)?.least ?? 0)
    .max(rangeOf(key)?.most ?? Number.MAX_SAFE_INTEGER)
const text = z.string().min(1)

/** What may stand in the file. A file cannot name another one. */
export const configSchema = z
  .strictObject({
    listen: z.array(text),
    dial: z.array(text),
    mdns: z.boolean(),
    autoDial: z.boolean(),
    announce: z.array(text),
    autonat: z.boolean(),
    autonatServer: z.boolean(),
    upnp: z.boolean(),
    relay: z.array(text),
    relayServer: z.boolean(),
    relayReservations: count('relayReservations'),
    relayCircuits: count('relayCircuits'),
    relayDuration: seconds('relayDuration'),
    relayData: count('relayData'),
    dht: text,
    dhtServer: z.boolean(),
    bootstrap: z.array(text),
    public: z.boolean(),
    profile: text,
    ephemeral: z.boolean(),
    dataDir: text,
    maxConnections: count('maxConnections'),
    maxPerHost: count('maxPerHost'),
    maxHostRate: count('maxHostRate'),
    maxPending: count('maxPending'),
    maxDials: count('maxDials'),
    maxStreams: count('maxStreams'),
    pingInterval: seconds('pingInterval'),
    mdnsTtl: seconds('mdnsTtl'),
    headless: z.boolean(),
    json: z.boolean(),
    logFile: text,
    demo: z.boolean(),
    color: z.boolean(),
  } satisfies Record<Exclude<keyof Given, 'config'>, z.ZodType>)
  .partial()

/**
 * Reads a file of options.
 *
 * @param not keys that may not stand in this one
 * @throws {UsageProblem} when it cannot be read, is no JSON, or holds a key or a value that it should not: names each
 */
export async function readConfigFile(
  path: string,
  not: readonly (keyof typeof configSchema.shape)[] = [],
): Promise<Given> {
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
