/** Whether a word can be the value of a parameter or option. */
import { nearest } from '../../core/nearest.ts'
import { type SafeText, safeText, say } from '../../core/safe-text.ts'
import type { ParamKind } from '../command.ts'

/** A value, or what is wrong with the word and, if there is one that was likely meant, which. */
export type Checked = { value: string | number } | { problem: SafeText; guess?: SafeText }

const MOST = 1_000_000
/** Pinging faster than this would harm a link; longer than a day is a typing mistake. */
const SECONDS = { least: 0.1, most: 86_400 }

/** Checks a word; `verbs` are those that there are in the place. Whether a peer is there is seen later. */
export function checkValue(kind: ParamKind, word: string, verbs: readonly string[]): Checked {
  if (typeof kind !== 'string') return oneOf(kind, word)
  switch (kind) {
    case 'verb':
      return oneOf(verbs, word)
    case 'count':
      return inRange(word, /^\d+$/, 1, MOST, say`a whole number from 1 to ${MOST}`)
    case 'seconds':
      return inRange(
        word,
        /^(\d+(\.\d+)?|\.\d+)$/,
        SECONDS.least,
        SECONDS.most,
        say`a number of seconds from ${SECONDS.least} to ${SECONDS.most}`,
      )
    case 'multiaddr':
    case 'listening':
      if (word.startsWith('/')) return { value: word }
      return { problem: say`must be a multiaddr, like /ip4/192.168.1.2/tcp/4001` }
    default:
      return word === '' ? { problem: say`must not be empty` } : { value: word }
  }
}

function oneOf(choices: readonly string[], word: string): Checked {
  const chosen = choices.find(choice => choice === word.toLowerCase())
  if (chosen !== undefined) return { value: chosen }
  const near = nearest(word, choices)
  const problem = say`must be one of ${safeText(choices.join(', '))}`
  return near === undefined ? { problem } : { problem, guess: say`Did you mean ${safeText(near)}?` }
}

function inRange(word: string, form: RegExp, least: number, most: number, wanted: SafeText): Checked {
  const value = Number(word)
  if (form.test(word) && value >= least && value <= most) return { value }
  return { problem: say`must be ${wanted}` }
}
