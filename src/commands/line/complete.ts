/** Tab: what could stand before the cursor. */
import type { FilterKey } from '../../core/filter.ts'
import { CONNECTION_KEYS, LOG_KEYS, PEER_KEYS } from '../../core/filter-subjects.ts'
import { safeText } from '../../core/safe-text.ts'
import type { Command, Flag } from '../command.ts'
import { findCommand } from '../registry.ts'
import { flagsAt } from '../usage.ts'
import { type Candidate, type Known, starting, valuesOf, verbsOf } from './candidates.ts'
import { splitWords, type Word } from './words.ts'

/** What could stand at the cursor, and which part of the line it replaces. */
export interface Completion {
  /** Where in the line (UTF-16 units) the part begins that a candidate replaces, up to the cursor. */
  from: number
  candidates: readonly Candidate[]
}

/** Completes a command line: verbs, then options and values by kind. Pure; never throws. */
export function completeLine(line: string, cursor: number, known: Known): Completion {
  const head = line.slice(0, cursor)
  const words = splitWords(head)
  const last = words.at(-1)
  const typing = last !== undefined && (last.end === head.length || last.open) ? last : undefined
  const from = typing?.start ?? head.length
  const [verb] = words
  if (verb === undefined || verb === typing) {
    return { from, candidates: starting(verbsOf(known.place), typing?.text ?? '') }
  }
  const command = findCommand(verb.text.toLowerCase(), known.place)
  if (command === undefined) return { from, candidates: [] }
  const before = words.slice(1, typing === undefined ? undefined : -1)
  return completeWord(command, before, typing?.text ?? '', from, { known, head })
}

/** Completes the filter of a pane: its keys, and values where these are few. */
export function completeFilter(text: string, cursor: number, keys: readonly FilterKey[]): Completion {
  const head = text.slice(0, cursor)
  const start = head.search(/\S*$/)
  const term = head.slice(start)
  const from = start + (term.startsWith('-') ? 1 : 0)
  const typed = head.slice(from)
  const [, name, value] = /^([a-z]+):(.*)$/i.exec(typed) ?? []
  if (name !== undefined && value !== undefined) {
    const values = keys.find(key => key.name === name.toLowerCase())?.values ?? []
    const at = head.length - value.length
    const candidates = values.map(candidate => ({ value: `${candidate} ` }))
    return { from: at, candidates: starting(candidates, value) }
  }
  const candidates = keys.map(key => ({
    value: `${key.name}${key.kind === 'figure' ? '>' : ':'}`,
    note: safeText(key.summary),
  }))
  return { from, candidates: starting(candidates, typed) }
}

function completeWord(
  command: Command,
  before: readonly Word[],
  typed: string,
  from: number,
  { known, head }: { known: Known; head: string },
): Completion {
  const flags = flagsAt(command, known.place)
  const { expecting, given, used } = progress(command, flags, before)
  if (expecting !== undefined) return { from, candidates: valuesOf(expecting.kind ?? 'text', typed, known) }
  const param = command.params[given]
  const keys = FILTERING.get(command.verb)
  if (keys !== undefined) return completeFilter(head, head.length, keys)
  if (param?.rest) return { from, candidates: [] }
  if (typed.startsWith('-')) return { from, candidates: starting(options(flags, used), typed) }
  if (param === undefined) return { from, candidates: typed === '' ? options(flags, used) : [] }
  return { from, candidates: valuesOf(param.kind, typed, known) }
}

function unique({ name }: FilterKey): boolean {
  return PEER_KEYS.every(key => key.name !== name)
}

/** The verbs whose free text is a filter, and its keys: of `filter` either pane's may be meant, which is not known here. */
const FILTERING: ReadonlyMap<string, readonly FilterKey[]> = new Map([
  ['filter', [...PEER_KEYS, ...LOG_KEYS.filter(unique)]],
  ['peers', PEER_KEYS],
  ['connections', CONNECTION_KEYS],
])

/** How far the words go: parameters given, options used, and the option whose value comes next. */
export function progress(
  { params }: Command,
  flags: readonly Flag[],
  words: readonly Word[],
): { given: number; used: ReadonlySet<string>; expecting: Flag | undefined } {
  const used = new Set<string>()
  let given = 0
  let expecting: Flag | undefined
  for (const { text } of words) {
    if (expecting !== undefined) expecting = undefined
    else if (text.startsWith('-') && !params[given]?.rest) {
      const flag = flags.find(({ name, short }) => text === `--${name}` || text === `-${short}`)
      if (flag !== undefined) used.add(flag.name)
      if (flag?.kind !== undefined) expecting = flag
    } else given += 1
  }
  return { given, used, expecting }
}

function options(flags: readonly Flag[], used: ReadonlySet<string>): Candidate[] {
  return flags
    .filter(({ name }) => !used.has(name))
    .map(({ name, summary }) => ({ value: `--${name} `, note: safeText(summary) }))
}
