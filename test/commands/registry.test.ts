import { describe, expect, it } from 'vitest'
import { bindingFor, type KeySituation, keyLine } from '../../src/commands/keys.ts'
import { parseLine } from '../../src/commands/line/parse.ts'
import { BINDINGS, COMMANDS, commandsAt, findCommand } from '../../src/commands/registry.ts'
import { flagsAt, isAt, type Place } from '../../src/commands/usage.ts'
import { helpOn, overview } from '../../src/commands/verbs/help.ts'
import { readCommandLine } from '../../src/modes/command-line.ts'

const PLACES: Place[] = ['screen', 'lines', 'oneShot']
const CONTEXTS = ['peers', 'log', 'peer', 'event', 'help'] as const
const SELECTIONS = [undefined, 'connected', 'disconnected'] as const
const SITUATIONS: KeySituation[] = CONTEXTS.flatMap(context =>
  SELECTIONS.map(selected => (selected === undefined ? { context } : { context, selected })),
)

function lineOf(key: string, situation: KeySituation): string | undefined {
  const binding = bindingFor(key, situation, BINDINGS)
  return binding === undefined ? undefined : 'line' in binding ? binding.line : binding.action
}

describe('the registry', () => {
  it('has each name once', () => {
    for (const place of PLACES) {
      const names = commandsAt(place).flatMap(({ verb, aliases = [] }) => [verb, ...aliases])
      expect(names).toEqual([...new Set(names)])
      for (const name of names) expect(findCommand(name, place)).toBeDefined()
    }
  })

  it('has the verbs of the bar and of the command line', () => {
    const verbs = (place: Place) =>
      commandsAt(place)
        .map(({ verb }) => verb)
        .sort()
    expect(verbs('screen')).toEqual(
      'clear close closest connections copy dial filter find forget get hangup help id keep limits listen name peers ping provide providers providing put quit relays reserve routing sort unlisten withdraw'.split(
        ' ',
      ),
    )
    expect(verbs('oneShot')).toEqual(
      'closest connections dial discover find forget get id keep name peers ping providers put relays routing'.split(
        ' ',
      ),
    )
    expect(verbs('lines')).toEqual(
      'close closest connections dial find forget get hangup help id keep limits listen name peers ping provide providers providing put quit relays reserve routing unlisten withdraw'.split(
        ' ',
      ),
    )
  })

  it.each(COMMANDS)('$verb: every example is a line that parses', command => {
    const place = PLACES.find(candidate => isAt(command, candidate)) ?? 'screen'
    expect(command.examples.length).toBeGreaterThan(0)
    for (const example of command.examples) {
      if (place === 'oneShot') {
        const words = example.split(' ')
        expect(readCommandLine(words, () => '')).toMatchObject({
          oneShot: { command: { verb: command.verb } },
        })
      } else expect(parseLine(example, place)).toMatchObject({ ok: true, command: { verb: command.verb } })
    }
  })

  it.each(COMMANDS)('$verb has help that names all its parameters and options', command => {
    const place = PLACES.find(candidate => isAt(command, candidate)) ?? 'screen'
    const help = helpOn(command, place).join('\n')
    for (const { name, summary } of [...command.params, ...flagsAt(command, place)]) {
      expect(help).toContain(name)
      expect(help).toContain(summary)
    }
    expect(overview(COMMANDS, place).some(line => line.startsWith(command.verb))).toBe(true)
    expect(`${command.details ?? ''}`.length, 'it would be cut').toBeLessThan(512)
  })

  it('takes all that is left only for a last parameter', () => {
    for (const { params } of COMMANDS) expect(params.slice(0, -1).some(({ rest }) => rest)).toBe(false)
  })
})

describe('keys', () => {
  it('mean one thing at a time', () => {
    for (const situation of SITUATIONS) {
      for (const key of new Set(BINDINGS.flatMap(({ keys }) => keys))) {
        const { context, selected } = situation
        const rivals = BINDINGS.filter(
          ({ keys, where, when }) =>
            keys.includes(key) &&
            (when === undefined || when === selected || (when === 'selected' && selected !== undefined)) &&
            where.includes(context),
        )
        expect(rivals.length, `${key} in ${context}`).toBeLessThan(2)
      }
    }
  })

  it('stand for command lines that parse', () => {
    for (const binding of BINDINGS) {
      if (!('line' in binding)) continue
      const line = binding.line.endsWith(' ') ? `${binding.line}x` : binding.line
      expect(parseLine(line, 'screen'), binding.line).toMatchObject({ ok: true })
    }
  })

  it('do what the person expects of the selected peer', () => {
    const near: KeySituation = { context: 'peers', selected: 'disconnected' }
    const connected: KeySituation = { context: 'peers', selected: 'connected' }
    expect(lineOf('d', near)).toBe('dial @')
    expect(lineOf('d', connected)).toBe('dial ')
    expect(lineOf('d', { context: 'log' })).toBe('dial ')
    expect(lineOf('p', connected)).toBe('ping @')
    expect(lineOf('p', { context: 'peers' })).toBe('ping ')
    expect(lineOf('P', connected)).toBe('ping @ --keep')
    expect(lineOf('x', connected)).toBe('hangup @')
    expect(lineOf('x', near)).toBeUndefined()
    expect(lineOf('y', near)).toBe('copy @')
    expect(lineOf('s', near)).toBe('sort next')
    expect(lineOf('?', near)).toBe('help')
    expect(lineOf('q', near)).toBe('quit')
    expect(lineOf('ctrl+c', { context: 'help' })).toBe('quit')
    expect(lineOf('/', near)).toBe('filter')
    expect(lineOf('space', { context: 'log' })).toBe('pause')
    expect(lineOf('enter', near)).toBe('open')
    expect(lineOf('F1', near)).toBeUndefined()
  })

  it('are shown only where they work, each once, the most useful first', () => {
    for (const situation of SITUATIONS) {
      const shown = keyLine(situation, BINDINGS)
      expect(shown.length).toBeGreaterThan(2)
      expect(new Set(shown).size).toBe(shown.length)
      const ranks = shown.map(({ rank }) => rank ?? 0)
      expect(ranks).toEqual(ranks.toSorted((a, b) => a - b))
    }
    const labels = (selected: 'connected' | 'disconnected') =>
      keyLine({ context: 'peers', selected }, BINDINGS).map(({ label }) => label)
    expect(labels('disconnected')).toContain('dial')
    expect(labels('disconnected')).not.toContain('hang up')
    expect(labels('connected')).toContain('hang up')
  })
})
