/** Arguments of the process to what is asked for. Loads neither a node nor a screen. */
import { Command as Cli, CommanderError, InvalidArgumentError, Option } from 'commander'
import type { Args, Command, Flag } from '../commands/command.ts'
import { parseLine } from '../commands/line/parse.ts'
import { type Checked, checkValue } from '../commands/line/values.ts'
import { commandsAt, findCommand } from '../commands/registry.ts'
import { flagsAt, NEEDS, paramUsage, summaryOf, valueName } from '../commands/usage.ts'
import { nearest } from '../core/nearest.ts'
import { safeText, say } from '../core/safe-text.ts'
import type { Given } from './options/given.ts'
import { type OptionSpec, readNumber } from './options/option.ts'
import { OPTION_GROUPS, OPTIONS } from './options/table.ts'
import { UsageProblem } from './options/usage-problem.ts'
import { groupsFor } from './options/verb-options.ts'

/** What the arguments ask for: options, and the one-shot command if there is one. */
export interface Asked {
  given: Given
  /** Set: do just this. */
  oneShot?: { command: Command; args: Args }
}

/** Help or the version: to be printed as it is. */
export interface Answer {
  answer: string
}

const NAME = 'p2p-tui'
const ABOUT = 'See inside a libp2p node, and act on it, from the keyboard.'
const AFTER = `
Without a command: starts a node and the screen, and dials each multiaddr given. Without a terminal on input or output
it logs what happens as lines instead, and reads commands from its input, one a line.
Each option can be set in the environment too: --log-file is P2P_TUI_LOG_FILE, --no-mdns is P2P_TUI_NO_MDNS=1.

Exit codes: 0 done, 1 failed, 2 wrong usage, 130 interrupted (143: by SIGTERM, 129: by SIGHUP).
`

/**
 * Reads the arguments (without the program's name).
 *
 * @throws {UsageProblem} when they are wrong
 */
export function readCommandLine(argv: readonly string[], version: () => string): Asked | Answer {
  let asked: Asked | undefined
  const out: string[] = []
  const program = new Cli(NAME)
    .description(ABOUT)
    .argument('[multiaddr...]', 'peers to dial at the start')
    .usage('[options] [multiaddr...]')
    .helpOption('-h, --help', 'show this')
    .helpCommand('help [command]', 'show this, or the help of a command')
    .option('-V, --version', 'show the version')
    .addHelpText('after', AFTER)
    .action((addresses: string[]) => {
      asked = { given: { ...givenByFlags(program), ...dials(addresses) } }
    })
  for (const { heading, options } of OPTION_GROUPS) {
    for (const option of options) program.addOption(toOption(option).helpGroup(`${heading}:`))
  }
  for (const command of commandsAt('oneShot')) {
    const verb = addVerb(program, command)
    verb.action(() => {
      asked = { given: givenByFlags(program), oneShot: { command, args: argsOf(command, verb) } }
    })
  }
  for (const part of [program, ...program.commands]) {
    part.exitOverride().configureOutput({
      writeOut: text => out.push(text),
      writeErr: () => {},
      getOutHasColors: () => false,
      getOutHelpWidth: () => 100,
    })
  }
  // Wherever it stands, and without anything else being checked.
  if (argv.includes('--version') || argv.includes('-V')) return { answer: `${version()}\n` }
  try {
    program.parse(argv, { from: 'user' })
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    if (error.exitCode === 0) return { answer: out.join('') }
    throw new UsageProblem(plainly(error.message))
  }
  return asked ?? { answer: out.join('') }
}

/** The verb of a one-shot command among the arguments, as far as one can tell from words that may be wrong. */
export function verbAmong(argv: readonly string[]): string | undefined {
  return argv.map(word => findCommand(word, 'oneShot')?.verb).find(verb => verb !== undefined)
}

function toOption(option: OptionSpec): Option {
  const made = new Option(
    `--${option.flag}${option.value === undefined ? '' : ` ${option.value}`}`,
    option.summary,
  )
  if (option.kind === 'texts') {
    return made.argParser((text, before: string[] | undefined) => [...(before ?? []), text])
  }
  if (option.kind === 'text') {
    return made.argParser(text => {
      if (text === '') throw new InvalidArgumentError('It must not be empty.')
      return text
    })
  }
  if (option.kind !== 'seconds' && option.kind !== 'count') return made
  return made.argParser(text => {
    const number = readNumber(text, option)
    if (typeof number === 'number') return number
    throw new InvalidArgumentError(`It ${number.problem}.`)
  })
}

function addVerb(program: Cli, command: Command): Cli {
  const verb = program.command(command.verb).summary(command.summary)
  const needs = (command.needs ?? []).map(need => NEEDS[need].replace('<verb>', command.verb))
  verb.description([sentence(command.summary), command.details, ...needs].filter(Boolean).join(' '))
  if (command.aliases !== undefined) verb.aliases(command.aliases)
  for (const param of command.params) {
    verb.argument(paramUsage(param), summaryOf(param, 'oneShot'), (word: string, before: unknown) => {
      const value = accepted(checkValue(param.kind, word, []))
      if (before === undefined) return param.many === true ? [value] : value
      // The shell has taken the words apart.
      return Array.isArray(before) ? [...before, value] : `${before} ${value}`
    })
  }
  for (const flag of flagsAt(command, 'oneShot')) verb.addOption(toVerbOption(flag))
  const examples = command.examples.filter(
    line => command.where === 'oneShot' || (!line.includes('@') && parseLine(line, 'oneShot')?.ok),
  )
  const flags = groupsFor(command).flatMap(({ options }) => options.map(({ flag }) => `--${flag}`))
  verb.configureHelp({
    showGlobalOptions: true,
    visibleGlobalOptions: () => program.options.filter(({ long }) => long != null && flags.includes(long)),
  })
  return verb.addHelpText(
    'after',
    `\nAll options: ${NAME} --help\n${examples.map(line => `e.g. ${NAME} ${line}`).join('\n')}\n`,
  )
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`
}

function toVerbOption({ name, short, kind, summary }: Flag): Option {
  const dashes = `${short === undefined ? '' : `-${short}, `}--${name}`
  if (kind === undefined) return new Option(dashes, summary)
  return new Option(`${dashes} ${valueName({ kind })}`, summary).argParser(word =>
    accepted(checkValue(kind, word, [])),
  )
}

function accepted(checked: Checked): string | number {
  if ('value' in checked) return checked.value
  throw new InvalidArgumentError(`It ${checked.problem}.`)
}

function argsOf(command: Command, verb: Cli): Args {
  const values = command.params.map((param, place) => [param.name, verb.processedArgs[place]])
  return { ...Object.fromEntries(values), ...verb.opts() }
}

function givenByFlags(program: Cli): Given {
  const options = program.opts<Record<string, unknown>>()
  const said = OPTIONS.filter(({ key }) => program.getOptionValueSource(key) === 'cli')
  return Object.fromEntries(said.map(({ key }) => [key, options[key]]))
}

/** @throws {UsageProblem} for a word that is no multiaddr: it was probably meant to be a command */
function dials(words: readonly string[]): Given {
  const wrong = words.find(word => !word.startsWith('/'))
  if (wrong !== undefined) {
    if (findCommand(wrong, 'lines') !== undefined) throw forRunningNode(wrong)
    const near = nearest(
      wrong,
      commandsAt('oneShot').flatMap(({ verb, aliases = [] }) => [verb, ...aliases]),
    )
    const guess = near === undefined ? say`` : say` (did you mean ${safeText(near)}?)`
    throw new UsageProblem(say`"${safeText(wrong)}" is neither a command nor a multiaddr${guess}`)
  }
  return words.length === 0 ? {} : { dial: words }
}

/** A verb that makes no sense for a node that ends with it. */
function forRunningNode(verb: string): UsageProblem {
  return new UsageProblem(
    say`"${safeText(verb)}" is for a node that goes on running`,
    say`Type it on the screen, or give it as a line of input to p2p-tui --headless`,
  )
}

/** The parser's words on one line, without its own prefix. */
function plainly(message: string) {
  return safeText(message.replace(/^error: /, '').replace(/\s*\n\s*/g, ' '), 512)
}
