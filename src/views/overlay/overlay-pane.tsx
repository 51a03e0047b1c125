import { Box } from 'ink'
import type { ReactNode } from 'react'
import { clampTop } from '../../core/list-window.ts'
import { say } from '../../core/safe-text.ts'
import type { Overlay } from '../../store/screen/screen-state.ts'
import { useGlyphs } from '../../ui/glyphs.ts'
import { PaneTitle } from '../../ui/pane-title.tsx'
import { Rows } from '../../ui/rows.tsx'
import type { Span } from '../../ui/spans.ts'
import type { Rect } from '../layout.ts'
import { useScreen, useStore, useTime } from '../screen-context.ts'
import { overlayContent } from './overlay-content.ts'

/** Rows of an overlay that are none of its lines: its title. */
export const OVERLAY_CHROME = 1

/** What lies over the panes: a window of its lines. */
export function OverlayPane({ overlay, columns, rows }: Rect & { overlay: Overlay }): ReactNode {
  const { session } = useScreen()
  const { store } = session
  useStore(() => store.swarm)
  // Of what lies over the panes, only the details of a peer have ages.
  const now = useTime(time => (overlay.kind === 'peer' ? time : 0))
  const glyphs = useGlyphs()
  const { title, lines } = overlayContent(store, overlay, { columns, now, glyphs })
  const height = rows - OVERLAY_CHROME
  const top = clampTop(overlay.scroll, { length: lines.length, rows: height })
  const below = lines.length - top - height
  const aside: Span[] = below > 0 ? [{ text: say`${below} more ${glyphs.descending}`, style: 'dim' }] : []
  return (
    <Box flexDirection="column" width={columns} height={rows}>
      <PaneTitle
        title={title}
        notes={[{ text: say`Esc back`, style: 'dim' }]}
        aside={[aside]}
        focused
        columns={columns}
      />
      <Rows rows={lines.slice(top, top + height)} columns={columns} height={height} />
    </Box>
  )
}
