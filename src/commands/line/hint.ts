/** What comes next, while a line is typed. */
import { joinSafe, type SafeText, safeText, say } from '../../core/safe-text.ts'
import { commandsAt, findCommand } from '../registry.ts'
import { flagsAt, flagUsage, type Place, paramUsage, summaryOf, valueName } from '../usage.ts'
import { progress } from './complete.ts'
import { splitWords } from './words.ts'

/**
 * A line on what the next word is: of a verb that is half typed what it does, then each parameter with its meaning, at
 * the end the options that are left. Empty when there is nothing to say. Pure; never throws.
 */
export function hintFor(line: string, place: Place): SafeText {
  const words = splitWords(line)
  const typing = words.length > 0 && !/\s$/.test(line)
  const [verb, ...rest] = words
  if (verb === undefined) return say``
  const command = findCommand(verb.text.toLowerCase(), place)
  if (command === undefined || (rest.length === 0 && typing)) return verbHint(verb.text, place)

  const flags = flagsAt(command, place)
  const { expecting, given, used } = progress(command, flags, typing ? rest.slice(0, -1) : rest)
  if (expecting !== undefined) return say`${safeText(valueName(expecting))} ${safeText(expecting.summary)}`
  const param = command.params[Math.min(given, command.params.length - 1)]
  if (param !== undefined && (given < command.params.length || param.rest)) {
    return say`${paramUsage(param)} ${summaryOf(param, place)}`
  }
  return joinSafe(flags.filter(({ name }) => !used.has(name)).map(flagUsage), ' ')
}

function verbHint(typed: string, place: Place): SafeText {
  const lower = typed.toLowerCase()
  const exact = findCommand(lower, place)
  const fitting =
    exact === undefined ? commandsAt(place).filter(({ verb }) => verb.startsWith(lower)) : [exact]
  const [only, ...others] = fitting
  if (only === undefined) return say`no such command`
  if (others.length > 0) return safeText(fitting.map(({ verb }) => verb).join(' '))
  return joinSafe(
    [safeText(only.verb), ...only.params.map(paramUsage), say`– ${safeText(only.summary)}`],
    ' ',
  )
}
