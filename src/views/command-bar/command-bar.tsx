import { useInput } from 'ink'
import { type ReactNode, useRef } from 'react'
import { type SafeText, safeText, say } from '../../core/safe-text.ts'
import type { ScreenState } from '../../store/screen/screen-state.ts'
import { LineEditor } from '../../ui/line-editor/line-editor.tsx'
import { useScreen } from '../screen-context.ts'

export interface CommandBarProps {
  bar: NonNullable<ScreenState['bar']>
  columns: number
  /** The row of the screen that it is on, from 0. */
  y: number
  onChange(line: SafeText): void
}

/** The line in which a command or a filter is typed. */
export function CommandBar({ bar, columns, y, onChange }: CommandBarProps): ReactNode {
  const { session } = useScreen()
  const line = useRef(safeText(bar.text, 4096))
  // The editor does not hand over a blank line: for a command it means leaving, for a filter no filter.
  useInput((_, key) => {
    if (key.return && line.current.trim() === '') session.bar.submit(say``)
  })
  return (
    <LineEditor
      prompt={bar.mode === 'command' ? say`:` : say`/`}
      columns={columns}
      x={0}
      y={y}
      history={bar.mode === 'command' ? session.history : []}
      initial={bar.text}
      complete={(text, cursor) => session.bar.complete(text, cursor)}
      onSubmit={text => session.bar.submit(text)}
      onLeave={() => session.bar.leave()}
      onChange={text => {
        line.current = text
        session.bar.change(text)
        onChange(text)
      }}
    />
  )
}
