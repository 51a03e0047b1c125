import { Box, useCursor, useInput, usePaste, useStdin } from 'ink'
import { type ReactNode, useReducer, useRef } from 'react'
import type { History } from '../../core/history.ts'
import type { SafeText } from '../../core/safe-text.ts'
import { Line } from '../line.tsx'
import { lineOf } from './edit-line.ts'
import { keyToActions } from './keys.ts'
import { layoutLine } from './layout.ts'
import { Popup } from './popup.tsx'
import { runActions } from './run.ts'
import { type Action, type Sources, startWith } from './state.ts'

export interface LineEditorProps {
  prompt: SafeText
  /** Width of the row. */
  columns: number
  /**
   * Where the row's left end is, in columns and rows from the top left of all that Ink draws: the terminal's own
   * cursor is put there, so that input methods compose text in place. Candidates and notes are drawn over the rows
   * above it.
   */
  x: number
  y: number
  /** Lines entered before, oldest first. */
  history: History
  /** What Tab offers. @default nothing */
  complete?: Sources['complete'] | undefined
  /** What to show dim after the line. */
  hint?: ((line: SafeText) => SafeText | undefined) | undefined
  /** What stands in the line at first. Later changes have no effect: give the editor another `key`. */
  initial?: string
  /** False: shows the line, takes no keys, has no cursor. @default true */
  active?: boolean
  /** A line was entered; never a blank one. */
  onSubmit(line: SafeText): void
  /** Esc was pressed with nothing to cancel. `line` is what stands there. */
  onLeave?: ((line: SafeText) => void) | undefined
  /** The line has changed. */
  onChange?: ((line: SafeText) => void) | undefined
}

const noCandidates: Sources['complete'] = () => ({ from: 0, candidates: [] })

/** A row in which a person edits one line of text. One row high, whatever it shows. */
export function LineEditor(props: LineEditorProps): ReactNode {
  const { columns, x, y, active = true } = props
  // Several keys may come between two renders; each must see what the one before it did.
  const latest = useRef(startWith(props.initial))
  const [, redraw] = useReducer((count: number) => count + 1, 0)
  const { isRawModeSupported } = useStdin()
  const { setCursorPosition } = useCursor()

  const act = (actions: Action[]) => {
    if (actions.length === 0) return
    const before = lineOf(latest.current)
    const sources = { history: props.history, complete: props.complete ?? noCandidates }
    const { state, submitted, left } = runActions(latest.current, actions, sources)
    latest.current = state
    redraw()
    const line = lineOf(state)
    for (const entered of submitted) props.onSubmit(entered)
    if (line !== before) props.onChange?.(line)
    if (left) props.onLeave?.(line)
  }
  const isActive = active && isRawModeSupported
  useInput((input, key) => act(keyToActions(input, key)), { isActive })
  usePaste(text => act([{ type: 'paste', text }]), { isActive })

  const state = latest.current
  const { prompt, visible, ghost, cursorColumn } = layoutLine(state, columns, {
    prompt: props.prompt,
    hint: props.hint?.(lineOf(state)),
  })
  setCursorPosition(active ? { x: x + cursorColumn, y } : undefined)
  return (
    <Box width={columns} height={1}>
      <Line
        columns={columns}
        spans={[{ text: prompt, style: 'accent' }, { text: visible }, { text: ghost, style: 'dim' }]}
      />
      <Popup state={state} columns={columns} rowsAbove={y} />
    </Box>
  )
}
