import type { Command } from '../../commands/command.ts'
import { ACTION_KEYS, type ActionBinding, type Binding } from '../../commands/keys.ts'
import { BINDINGS, commandsAt, findCommand } from '../../commands/registry.ts'
import { usageOf } from '../../commands/usage.ts'
import { helpOn } from '../../commands/verbs/help.ts'
import { joinSafe, type SafeText, safeMessage, safeText, say } from '../../core/safe-text.ts'
import { pad, widthOf } from '../../core/width.ts'
import { indented, section } from '../../ui/fields.ts'
import type { Glyphs } from '../../ui/glyphs.ts'
import type { Span } from '../../ui/spans.ts'
import { wrap } from '../../ui/wrap.ts'
import { keyLabel } from '../key-map.ts'

const KEY_COLUMNS = 12

/** All keys, commands and signs; or, with a topic, all about one command. Made from the registry. */
export function helpLines(topic: string | undefined, columns: number, glyphs: Glyphs): Span[][] {
  const command = topic === undefined ? undefined : findCommand(topic, 'screen')
  return command === undefined ? allHelp(columns, glyphs) : commandHelp(command, columns)
}

function commandHelp(command: Command, columns: number): Span[][] {
  const [usage = say``, ...rest] = helpOn(command, 'screen')
  return [[], ...wrapped(usage, columns, 'strong'), [], ...rest.flatMap(line => wrapped(line, columns))]
}

function allHelp(columns: number, glyphs: Glyphs): Span[][] {
  const own = BINDINGS.filter(binding => !ACTION_KEYS.some(action => action === binding))
  return [
    ...section(say`Move`),
    ...keyRows(oneRowEach(ACTION_KEYS), columns),
    ...section(say`Act`, say`on the selected peer, or anywhere`),
    ...keyRows(own, columns),
    ...section(
      say`Commands`,
      say`after :  Tab completes, ↑ brings earlier lines back, help <verb> says more`,
    ),
    ...commandsAt('screen').flatMap(command => [
      ...wrapped(usageOf(command, 'screen'), columns, 'key'),
      ...wrapped(safeMessage(command.summary), columns, 'dim', say`    `),
    ]),
    ...section(say`Signs`),
    ...signRows(glyphs),
  ]
}

function keyRows(bindings: readonly Binding[], columns: number): Span[][] {
  const rows = bindings.map(binding => ({
    keys: joinSafe(
      binding.keys.map(key => safeText(keyLabel(key))),
      ' ',
    ),
    label: 'line' in binding ? meaning(binding.label, binding.line) : safeText(binding.label),
  }))
  // Two to a row where there is room for it.
  const width = Math.min(48, Math.max(...rows.map(row => widthOf(row.label))) + KEY_COLUMNS + 2)
  const perRow = Math.max(1, Math.floor((columns - 2) / width))
  const lines: Span[][] = []
  for (let first = 0; first < rows.length; first += perRow) {
    const spans = rows
      .slice(first, first + perRow)
      .flatMap(({ keys, label }): Span[] => [
        { text: pad(keys, KEY_COLUMNS), style: 'key' },
        { text: pad(label, width - KEY_COLUMNS) },
      ])
    lines.push(indented(...spans))
  }
  return lines
}

/** What one key does in several places, in one row. */
function oneRowEach(bindings: readonly ActionBinding[]): ActionBinding[] {
  const rows = new Map<string, ActionBinding>()
  for (const binding of bindings) {
    const id = `${binding.action} ${binding.keys}`
    const { label } = rows.get(id) ?? binding
    const both = label === binding.label ? label : `${label}, ${binding.label}`
    rows.set(id, { ...binding, label: both })
  }
  return [...rows.values()]
}

function meaning(label: string, line: string): SafeText {
  return label === line ? safeText(label) : say`${safeText(label)}  :${safeText(line)}`
}

function signRows(glyphs: Glyphs): Span[][] {
  const { connected, heard, expired, known } = glyphs.presence
  const signs: readonly (readonly [SafeText, SafeText])[] = [
    [connected, say`connected`],
    [heard, say`heard on the local network, not connected`],
    [expired, say`expired: heard before, silent since`],
    [known, say`known: dialed, or it dialed us`],
    [glyphs.loss, say`a ping without an answer, among the bars of RTTs`],
  ]
  return signs.map(([sign, text]) => indented({ text: pad(sign, KEY_COLUMNS), style: 'key' }, { text }))
}

function wrapped(text: SafeText, columns: number, style?: Span['style'], indent = say``): Span[][] {
  return wrap(text, columns - 2 - indent.length).map(line =>
    indented({ text: indent }, { text: line, style }),
  )
}
