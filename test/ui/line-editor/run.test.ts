import { describe, expect, it } from 'vitest'
import { runActions } from '../../../src/ui/line-editor/run.ts'
import { type Action, type Sources, startWith } from '../../../src/ui/line-editor/state.ts'

const sources: Sources = {
  history: [],
  complete: () => ({ from: 0, candidates: [{ value: 'dial ' }, { value: 'ping ' }] }),
}
const type = (text: string): Action => ({ type: 'insert', text })
const submit: Action = { type: 'submit' }
const esc: Action = { type: 'escape' }

describe('runActions', () => {
  it('enters each line of a read, and keeps what follows the last', () => {
    const { state, submitted } = runActions(
      startWith(),
      [type(' a '), submit, type('b'), submit, type('c')],
      sources,
    )
    expect(submitted).toEqual(['a', 'b'])
    expect(state.line.clusters).toEqual(['c'])
  })

  it('enters no blank line', () => {
    expect(runActions(startWith('  '), [submit, submit], sources).submitted).toEqual([])
  })

  it('leaves at Esc only when there is nothing to cancel', () => {
    expect(runActions(startWith('x'), [esc], sources).left).toBe(true)
    const menu: Action = { type: 'complete', step: 1 }
    expect(runActions(startWith(), [menu, esc], sources).left).toBe(false)
    expect(runActions(startWith(), [{ type: 'search' }, esc], sources).left).toBe(false)
    expect(runActions(startWith(), [menu, esc, esc, type('lost')], sources)).toMatchObject({
      left: true,
    })
  })
})
