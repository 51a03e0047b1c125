import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { takeAnswers } from '../../../../src/modes/terminal/line/answers.ts'

/** Keys as terminals send them: none of them is an answer. */
const KEYS = [
  'a',
  'é',
  '日',
  '\r',
  '\x7f',
  '\x1b[A',
  '\x1b[1;5D',
  '\x1b[3~',
  '\x1bOP',
  '\x1b[200~x\x1b[201~',
  '[0n',
  '0',
]
const ANSWERS = ['\x1b[0n', '\x1b[3n', '\x1b[?2026;2$y', '\x1b[?2026;0$y']

describe('the answers of a terminal', () => {
  it('are known from each other', () => {
    expect(takeAnswers('\x1b[0n\x1b[?2026;1$y\x1b[?2026;2$y\x1b[?2026;0$y\x1b[?2026;4$y')).toEqual({
      keys: '',
      answers: ['status', 'synchronised', 'synchronised', 'not synchronised', 'not synchronised'],
      rest: '',
    })
  })

  it.each(KEYS)('are not keys: %j', key => {
    expect(takeAnswers(key)).toEqual({ keys: key, answers: [], rest: '' })
  })

  it.each(['\x1b[?25;1$y', '\x1b[?1;2c', '\x1b[12;40R', '\x1b[<0;9;8M'])(
    'are not the answers to others: %j',
    other => {
      expect(takeAnswers(other)).toEqual({ keys: other, answers: [], rest: '' })
    },
  )

  it('are taken out whole, wherever a text was cut', () => {
    const typed = fc.array(fc.constantFrom(...KEYS, ...ANSWERS), { maxLength: 12 })
    fc.assert(
      fc.property(typed, fc.array(fc.nat(12), { maxLength: 20 }), (parts, cuts) => {
        const text = parts.join('')
        let [keys, rest, answers, at] = ['', '', 0, 0]
        for (const length of [...cuts, text.length]) {
          const taken = takeAnswers(rest + text.slice(at, at + length))
          at += length
          keys += taken.keys
          rest = taken.rest
          answers += taken.answers.length
        }
        const isKey = (part: string) => !ANSWERS.includes(part)
        expect(keys + rest).toBe(parts.filter(isKey).join(''))
        expect(answers).toBe(parts.length - parts.filter(isKey).length)
      }),
    )
  })
})
