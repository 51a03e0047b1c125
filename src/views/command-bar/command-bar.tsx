import { type ReactNode, useSyncExternalStore } from 'react'
import { say } from '../../core/safe-text.ts'
import type { ScreenState } from '../../store/screen/screen-state.ts'
import { Line } from '../../ui/line.tsx'
import { lineOf } from '../../ui/line-editor/edit-line.ts'
import { LineEditor } from '../../ui/line-editor/line-editor.tsx'
import { useScreen } from '../screen-context.ts'

/** What is typed, and where on the screen. */
export interface CommandBarProps {
  mode: NonNullable<ScreenState['bar']>['mode']
  columns: number
  /** The row of the screen that it is on, from 0. */
  y: number
}

/** The line in which a command or a filter is typed, and below it what could come next. */
export function CommandBar({ mode, columns, y }: CommandBarProps): ReactNode {
  const { bar } = useScreen().session
  const line = useSyncExternalStore(bar.subscribe, () => bar.line)
  return (
    <>
      <LineEditor state={line} prompt={mode === 'command' ? say`:` : say`/`} columns={columns} x={0} y={y} />
      <Line spans={[{ text: say` ${bar.hint(lineOf(line))}`, style: 'dim' }]} columns={columns} />
    </>
  )
}
