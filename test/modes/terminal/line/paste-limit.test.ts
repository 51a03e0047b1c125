import { describe, expect, it } from 'vitest'
import { MAX_PASTE, PasteLimit } from '../../../../src/modes/terminal/line/paste-limit.ts'

const [BEGIN, END] = ['\u001b[200~', '\u001b[201~']

function passed(text: string, size: number): string {
  const limit = new PasteLimit()
  let out = ''
  for (let at = 0; at < text.length; at += size) out += limit.pass(text.slice(at, at + size))
  return out
}

describe('what is pasted', () => {
  it.each([1, 2, 5, 7, 4096])('passes as it is, and so does what is typed, in pieces of %i', size => {
    const text = `q\u001b[A${BEGIN}dial x\rdial y${END}\u001b[200x${BEGIN}${END}:`
    expect(passed(text, size)).toBe(text)
  })

  it.each([1000, 4095, 65_536, 30_000_000])('is cut when it is too long, in pieces of %i', size => {
    const text = `a${BEGIN}${'y'.repeat(20_000_000)}${END}b${BEGIN}z${END}`
    const out = passed(text, size)
    expect(out.replace(/y+/, 'Y')).toBe(`a${BEGIN}Y${END}b${BEGIN}z${END}`)
    expect(/y+/.exec(out)?.[0]).toHaveLength(MAX_PASTE)
  })
})
