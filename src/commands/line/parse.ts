/** From a typed line to a command with checked values. */
import { nearest } from '../../core/nearest.ts'
import { type SafeText, safeText, say } from '../../core/safe-text.ts'
import type { Args, Command, Flag, UsageError } from '../command.ts'
import { commandsAt, findCommand } from '../registry.ts'
import { flagsAt, type Place, paramUsage, summaryOf, usageOf, valueName } from '../usage.ts'
import { checkValue } from './values.ts'
import { splitWords, type Word } from './words.ts'

/** A line that was understood, or what is wrong with it. */
export type Parsed = { ok: true; command: Command; args: Args } | { ok: false; error: UsageError }

/** Reads a line; `undefined` for a blank one. Never throws: what is wrong, and where, is in the result. */
export function parseLine(line: string, place: Place): Parsed | undefined {
  const [verb, ...words] = splitWords(line)
  if (verb === undefined) return undefined
  const command = findCommand(verb.text.toLowerCase(), place)
  if (command === undefined) return { ok: false, error: unknownVerb(verb.text, place) }
  try {
    return { ok: true, command, args: readArgs(command, words, line, place) }
  } catch (error) {
    if (!(error instanceof Wrong)) throw error
    const usage = usageOf(command, place)
    const hint = error.guess === undefined ? say`Usage: ${usage}` : say`${error.guess} Usage: ${usage}`
    return { ok: false, error: { failure: { stage: 'target', cause: error.cause, hint }, usage } }
  }
}

/** What is wrong with the words of a command. */
class Wrong extends Error {
  override readonly cause: SafeText
  readonly guess: SafeText | undefined
  constructor(cause: SafeText, guess?: SafeText) {
    super(cause)
    this.cause = cause
    this.guess = guess
  }
}

function unknownVerb(word: string, place: Place): UsageError {
  const verbs = commandsAt(place).flatMap(({ verb, aliases = [] }) => [verb, ...aliases])
  const near = nearest(word, verbs)
  const hint = near === undefined ? say`Type help to see all commands` : say`Did you mean ${safeText(near)}?`
  const command = near === undefined ? undefined : findCommand(near, place)
  return {
    failure: { stage: 'target', cause: say`There is no command "${safeText(word)}"`, hint },
    usage: command === undefined ? say`help` : usageOf(command, place),
  }
}

function readArgs(command: Command, words: readonly Word[], line: string, place: Place): Args {
  const args: Record<string, string | number | true | readonly string[]> = {}
  const verbs = commandsAt(place).map(({ verb }) => verb)
  const flags = flagsAt(command, place)
  const params = [...command.params]
  const waiting = [...words]
  let optionsEnded = false

  for (let word = waiting.shift(); word !== undefined; word = waiting.shift()) {
    if (params[0]?.rest) {
      const { name, rest } = params[0]
      const typed = line.slice(word.start).trimEnd()
      const quoted = waiting.length === 0 && !word.open && /^(["']).*\1$/s.test(typed)
      args[name] = quoted && rest !== 'query' ? word.text : typed
      return args
    }
    if (!optionsEnded && word.text === '--') optionsEnded = true
    else if (!optionsEnded && /^-./.test(word.text)) readOption(word.text, waiting)
    else readParam(word.text)
  }
  const missing = params.find(param => param.optional !== true)
  if (missing !== undefined)
    throw new Wrong(say`${paramUsage(missing)} is missing: ${summaryOf(missing, place)}`)
  return args

  function readParam(word: string): void {
    const param = params.shift()
    if (param === undefined) throw new Wrong(say`"${safeText(word)}" is one word too many`)
    const checked = checkValue(param.kind, word, verbs)
    if ('problem' in checked)
      throw new Wrong(say`${paramUsage(param)} ${checked.problem}, not "${safeText(word)}"`, checked.guess)
    if (param.many === true) {
      const before = args[param.name] ?? []
      args[param.name] = [...(before as readonly string[]), String(checked.value)]
      params.unshift(param)
    } else args[param.name] = checked.value
  }

  function readOption(word: string, following: Word[]): void {
    const { flag, attached } = findFlag(word, flags)
    const named = safeText(`--${flag.name}`)
    if (flag.kind === undefined) {
      if (attached !== undefined) throw new Wrong(say`${named} takes no value`)
      args[flag.name] = true
      return
    }
    const value = attached ?? following.shift()?.text
    if (value === undefined) throw new Wrong(say`${named} needs a value: ${safeText(valueName(flag))}`)
    const checked = checkValue(flag.kind, value, verbs)
    if ('problem' in checked) {
      throw new Wrong(say`${named} ${checked.problem}, not "${safeText(value)}"`, checked.guess)
    }
    args[flag.name] = checked.value
  }
}

/** `--count 3`, `--count=3`, `-c 3` and `-c3` are all the same. */
function findFlag(word: string, flags: readonly Flag[]): { flag: Flag; attached: string | undefined } {
  const [, long, value] = /^--([^=]+)(?:=(.*))?$/s.exec(word) ?? []
  const flag = flags.find(({ name, short }) => (long === undefined ? short === word[1] : name === long))
  if (flag !== undefined) {
    const glued = word.length > 2 ? word.slice(2) : undefined
    return { flag, attached: long === undefined ? glued : value }
  }
  const near = nearest(
    long ?? word.slice(1),
    flags.map(({ name }) => name),
  )
  throw new Wrong(
    say`There is no option ${safeText(word)}`,
    near === undefined ? undefined : say`Did you mean ${safeText(`--${near}`)}?`,
  )
}
