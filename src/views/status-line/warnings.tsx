import { Box } from 'ink'
import type { ReactNode } from 'react'
import { warningsOf } from '../../store/selectors/node-rows.ts'
import { useGlyphs } from '../../ui/glyphs.ts'
import { Line } from '../../ui/line.tsx'
import { useScreen, useStore } from '../screen-context.ts'
import { warningRows } from './warning-rows.ts'

/** What the person should know although nobody asked, and what to do about it; the latest first. */
export function Warnings({ columns, rows }: { columns: number; rows: number }): ReactNode {
  const { store } = useScreen().session
  const { dot } = useGlyphs()
  useStore(() => store.swarm.warnings)
  return (
    <Box flexDirection="column" width={columns} height={rows}>
      {warningRows(warningsOf(store.swarm), { columns, rows, dot }).map(({ key, spans }) => (
        <Line key={key} spans={spans} columns={columns} />
      ))}
    </Box>
  )
}
