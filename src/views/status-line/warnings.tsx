import { Box } from 'ink'
import type { ReactNode } from 'react'
import { safeText, say } from '../../core/safe-text.ts'
import { warningsOf } from '../../store/selectors/node-rows.ts'
import { useGlyphs } from '../../ui/glyphs.ts'
import { Line } from '../../ui/line.tsx'
import type { Span } from '../../ui/spans.ts'
import { useScreen, useStore } from '../screen-context.ts'

/** What the person should know although nobody asked: one line each, the latest first. */
export function Warnings({ columns, rows }: { columns: number; rows: number }): ReactNode {
  const { store } = useScreen().session
  const { dot } = useGlyphs()
  useStore(() => store.swarm.warnings)
  const warnings = warningsOf(store.swarm)
  return (
    <Box flexDirection="column" width={columns} height={rows}>
      {warnings.slice(0, rows).map(({ topic, cause, hint }, place) => {
        const hidden = place === rows - 1 ? warnings.length - rows : 0
        const spans: Span[] = [
          { text: say` ! ${safeText(topic)} `, style: 'warn' },
          { text: cause },
          { text: say`  ${dot} ${hint}`, style: 'dim' },
        ]
        const more: Span[] = hidden > 0 ? [{ text: say` +${hidden} `, style: 'warn' }] : []
        return <Line key={topic} spans={[...more, ...spans]} columns={columns} />
      })}
    </Box>
  )
}
