import { Box } from 'ink'
import type { ReactNode } from 'react'
import { Line } from '../../ui/line.tsx'
import { KeyLine } from '../key-line/key-line.tsx'
import { useStore, useTime } from '../screen-context.ts'
import { CommandBar } from './command-bar.tsx'
import { besideSpans, noticeSpans, runningSpans } from './notice-spans.ts'

/** The size of the screen, for its lowest lines. */
export interface BottomProps {
  columns: number
  /** Rows of the whole screen. */
  rows: number
  /** Whether answers have a line of their own. */
  noticeRows: 0 | 1
}

/** Answers, the line to type in, and the keys: always of the same height, so that nothing above moves. */
export function Bottom({ columns, rows, noticeRows }: BottomProps): ReactNode {
  const screen = useStore(store => store.screen)
  const { bar, notice } = screen
  const dials = useStore(store => store.swarm.dials)
  const busy = screen.running.length > 0
  const now = useTime(time => (busy ? time : 0))
  const running = runningSpans(screen.running, dials, now)
  const answer = noticeRows === 1 ? [] : noticeSpans(notice)
  const alone = running.length > 0 ? running : [...answer, ...besideSpans(notice)]
  return (
    <Box flexDirection="column" width={columns} height={2 + noticeRows}>
      {noticeRows === 1 && <Line spans={noticeSpans(notice)} columns={columns} />}
      {bar === undefined ? (
        <>
          <Line spans={alone} columns={columns} />
          <KeyLine columns={columns} />
        </>
      ) : (
        <CommandBar mode={bar.mode} columns={columns} y={rows - 2} />
      )}
    </Box>
  )
}
