/**
 * Filters of the panes, as typed after `/`.
 *
 * Terms are separated by blanks and all must hold. `-term` must not hold, `"two words"` is one term, `key:value` looks
 * at one field only, `key>20` compares a figure (`<`, `<=`, `>`, `>=`, `=`; k, M and G multiply), and anything else is
 * looked for in all that is shown, whatever the case. A term that is only half typed lets everything through.
 */
import { nearest } from './nearest.ts'
import { type SafeText, safeText, say } from './safe-text.ts'

/** A field that a filter can name. */
export interface FilterKey {
  name: string
  kind: 'text' | 'figure'
  /** What it is, for completion and help. */
  summary: string
  /** All values there are, where these are few. */
  values?: readonly string[]
}

/** What a filter looks at: one row of a pane. */
export interface FilterSubject {
  /** All that is shown of it, in lower case. */
  text(): string
  /** The values of a field; none if it has none. */
  values(key: string): readonly (string | number)[]
}

/** A query that was read, ready to be asked of each row. */
export interface Filter {
  /** No terms: everything passes. */
  readonly empty: boolean
  matches(subject: FilterSubject): boolean
  /** What in the query is likely not to do what was meant. */
  errors: readonly SafeText[]
}

type Test = (subject: FilterSubject) => boolean
/** `undefined`: half typed, no condition yet. */
type Reading = { test?: Test; error?: SafeText }

const TERM = /(-?)((?:[^\s"]|"[^"]*(?:"|$))+)/g
const FIELD = /^([A-Za-z]+)(:|<=|>=|<|>|=)(.*)$/s

/** Reads a query. Never throws, whatever was typed so far. */
export function parseFilter(query: string, keys: readonly FilterKey[]): Filter {
  const tests: Test[] = []
  const errors: SafeText[] = []
  for (const [, minus, term = ''] of query.matchAll(TERM)) {
    const { test, error } = readTerm(term, keys)
    if (error !== undefined) errors.push(error)
    if (test !== undefined) tests.push(minus === '' ? test : subject => !test(subject))
  }
  return { empty: tests.length === 0, matches: subject => tests.every(test => test(subject)), errors }
}

function readTerm(term: string, keys: readonly FilterKey[]): Reading {
  const [, name = '', operator = '', rest = ''] = term.startsWith('"') ? [] : (FIELD.exec(term) ?? [])
  if (operator === '') return textTest(term)
  const key = keys.find(candidate => candidate.name === name.toLowerCase())
  if (key === undefined) return { ...textTest(term), ...doubt(name, operator, keys) }
  return key.kind === 'figure' ? figureTest(key, operator, unquoted(rest)) : fieldTest(key, operator, rest)
}

function textTest(term: string): Reading {
  // A Peer ID as the screen shows it, …Kz8f3aQd: its end is what was meant.
  const wanted = unquoted(term).toLowerCase().replace(/^…/, '')
  // A lone minus is the start of a negation.
  if (wanted === '' || wanted === '-') return {}
  return { test: subject => subject.text().includes(wanted) }
}

function fieldTest(key: FilterKey, operator: string, rest: string): Reading {
  if (operator !== ':' && operator !== '=') {
    return { error: say`${safeText(key.name)} cannot be compared: write ${safeText(key.name)}:value` }
  }
  const wanted = unquoted(rest).toLowerCase()
  if (wanted === '') return {}
  const fits: (value: string) => boolean =
    operator === '=' ? value => value === wanted : value => value.includes(wanted)
  return { test: subject => subject.values(key.name).some(value => fits(String(value).toLowerCase())) }
}

const COMPARE: Readonly<Record<string, (value: number, limit: number) => boolean>> = {
  ':': (value, limit) => value === limit,
  '=': (value, limit) => value === limit,
  '<': (value, limit) => value < limit,
  '<=': (value, limit) => value <= limit,
  '>': (value, limit) => value > limit,
  '>=': (value, limit) => value >= limit,
}
const FIGURE = /^(\d+(?:\.\d*)?|\.\d+)([kmg]?)$/i
const FACTORS: Readonly<Record<string, number>> = { '': 1, k: 1e3, m: 1e6, g: 1e9 }

function figureTest(key: FilterKey, operator: string, rest: string): Reading {
  if (rest === '') return {}
  const [, digits, unit = ''] = FIGURE.exec(rest) ?? []
  const compare = COMPARE[operator]
  if (digits === undefined || compare === undefined) {
    return { error: say`${safeText(key.name)} is compared with a number, e.g. ${safeText(key.name)}>20` }
  }
  const limit = Number(digits) * (FACTORS[unit.toLowerCase()] ?? 1)
  return { test: subject => subject.values(key.name).some(value => compare(Number(value), limit)) }
}

/** Words with a colon are text like any other (addresses, times), unless they look like a mistyped key. */
function doubt(name: string, operator: string, keys: readonly FilterKey[]): Reading {
  const meant = nearest(
    name,
    keys.map(key => key.name),
  )
  if (meant === undefined) return {}
  return { error: say`no key ${safeText(name)}; did you mean ${safeText(meant + operator)}?` }
}

function unquoted(text: string): string {
  return text.replaceAll('"', '')
}
