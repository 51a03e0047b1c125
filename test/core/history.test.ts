import { describe, expect, it } from 'vitest'
import { addToHistory, type History } from '../../src/core/history.ts'
import { say } from '../../src/core/safe-text.ts'

describe('addToHistory', () => {
  it('keeps lines in the order in which they were entered', () => {
    expect(addToHistory([say`peers`], say`ping @`)).toEqual(['peers', 'ping @'])
  })

  it('does not keep a blank line, nor one twice in a row', () => {
    const history: History = [say`peers`, say`ping @`]
    expect(addToHistory(history, say`  `)).toBe(history)
    expect(addToHistory(history, say`ping @ `)).toBe(history)
    expect(addToHistory(history, say`peers`)).toEqual(['peers', 'ping @', 'peers'])
  })

  it('lets the oldest go', () => {
    let history: History = []
    for (let n = 1; n <= 1005; n++) history = addToHistory(history, say`ping ${n}`)
    expect(history).toHaveLength(1000)
    expect(history.at(0)).toBe('ping 6')
    expect(addToHistory([say`a`], say`b`, 1)).toEqual(['b'])
  })
})
