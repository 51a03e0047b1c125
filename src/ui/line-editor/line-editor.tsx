import { Box, useCursor } from 'ink'
import type { ReactNode } from 'react'
import type { SafeText } from '../../core/safe-text.ts'
import { Line } from '../line.tsx'
import { layoutLine } from './layout.ts'
import { Popup } from './popup.tsx'
import type { LineState } from './state.ts'

/** The line to show, and where on the screen it is. */
export interface LineEditorProps {
  state: LineState
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
  /** What to show dim after the line. */
  hint?: SafeText | undefined
}

/**
 * A row in which a person edits one line of text. One row high, whatever it shows. It takes no keys itself: those of
 * one read from the terminal may reach the line before a first frame of it is drawn (see run.ts and keys.ts).
 */
export function LineEditor({ state, prompt, columns, x, y, hint }: LineEditorProps): ReactNode {
  const { setCursorPosition } = useCursor()
  const layout = layoutLine(state, columns, { prompt, hint })
  setCursorPosition({ x: x + layout.cursorColumn, y })
  return (
    <Box width={columns} height={1}>
      <Line
        columns={columns}
        spans={[
          { text: layout.prompt, style: 'accent' },
          { text: layout.visible },
          { text: layout.ghost, style: 'dim' },
        ]}
      />
      <Popup state={state} columns={columns} rowsAbove={y} />
    </Box>
  )
}
