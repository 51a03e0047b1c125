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
  it('enters the line without blanks around it, and empties it', () => {
    const { state, submitted } = runActions(startWith(), [type(' a '), submit], sources)
    expect(submitted).toBe('a')
    expect(state.line.clusters).toEqual([])
  })

  it('enters an empty line too, for whoever takes it as leaving', () => {
    expect(runActions(startWith('  '), [submit], sources).submitted).toBe('')
  })

  it('does nothing after that: the keys that follow are no longer for the line', () => {
    expect(runActions(startWith('a'), [submit, type('b'), submit], sources)).toMatchObject({
      submitted: 'a',
      state: startWith(),
    })
  })

  it('leaves at Esc only when there is nothing to cancel', () => {
    expect(runActions(startWith('x'), [esc], sources).left).toBe(true)
    const menu: Action = { type: 'complete', step: 1 }
    expect(runActions(startWith(), [menu, esc], sources).left).toBeUndefined()
    expect(runActions(startWith(), [{ type: 'search' }, esc], sources).left).toBeUndefined()
    expect(runActions(startWith(), [menu, esc, esc, type('lost')], sources)).toMatchObject({
      left: true,
    })
  })
})
