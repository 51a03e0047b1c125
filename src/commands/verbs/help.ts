import { type SafeText, safeMessage, safeText, say } from '../../core/safe-text.ts'
import type { Command } from '../command.ts'
import { flagsAt, flagUsage, isAt, type Place, paramUsage, summaryOf, usageOf } from '../usage.ts'

/** The command that tells of all the others. `commands` is asked for late: this one is among them. */
export function helpCommand(commands: () => readonly Command[]): Command {
  return {
    verb: 'help',
    aliases: ['?'],
    summary: 'shows keys and commands, or one command in full',
    params: [{ name: 'verb', kind: 'verb', optional: true, summary: 'which command' }],
    keys: [{ keys: ['?'], where: ['any'], label: 'help', line: 'help', rank: 80 }],
    examples: ['help', 'help ping'],
    where: 'node',
    answers: ['text'],
    async run(args, { screen, reply }) {
      const place = screen === undefined ? 'lines' : 'screen'
      const topic = commands().find(
        command =>
          isAt(command, place) && [command.verb, ...(command.aliases ?? [])].includes(String(args.verb)),
      )
      if (screen !== undefined) {
        const about = topic === undefined ? {} : { topic: topic.verb }
        return screen.dispatch({ type: 'overlay:open', overlay: { kind: 'help', scroll: 0, ...about } })
      }
      const lines = topic === undefined ? overview(commands(), 'lines') : helpOn(topic, 'lines')
      for (const text of lines) reply({ tone: 'plain', text, data: { type: 'text', text } })
    },
  }
}

/** A line for each command that there is in a place. */
export function overview(commands: readonly Command[], place: Place): SafeText[] {
  return commands
    .filter(command => isAt(command, place))
    .map(command => say`${usageOf(command, place)} – ${safeMessage(command.summary)}`)
}

/** All about one command: usage, what it does, its parameters and options, examples, keys. */
export function helpOn(command: Command, place: Place): SafeText[] {
  const { summary, details, aliases = [], params, examples, keys = [] } = command
  return [
    usageOf(command, place),
    safeMessage(summary),
    ...(details === undefined ? [] : [safeMessage(details)]),
    ...(aliases.length === 0 ? [] : [say`also: ${safeText(aliases.join(', '))}`]),
    ...params.map(param => say`${paramUsage(param)}: ${summaryOf(param, place)}`),
    ...flagsAt(command, place).map(flag => say`${flagUsage(flag)}: ${safeMessage(flag.summary)}`),
    ...examples.map(example => say`e.g. ${safeText(example)}`),
    ...(place === 'screen'
      ? keys.map(({ keys: names, line }) => say`key ${safeText(names.join(', '))}: ${safeText(line)}`)
      : []),
  ]
}
