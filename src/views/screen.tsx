import { Box } from 'ink'
import type { ReactNode } from 'react'
import { say } from '../core/safe-text.ts'
import type { Pane } from '../store/screen/screen-state.ts'
import { warningsOf } from '../store/selectors/node-rows.ts'
import { useGlyphs } from '../ui/glyphs.ts'
import { Line } from '../ui/line.tsx'
import { EmptyState } from '../ui/rows.tsx'
import { Bottom } from './command-bar/bottom.tsx'
import { type Layout, layoutFor, type PaneProps, type Rect, SMALLEST } from './layout.ts'
import { ListPane } from './list-view/list-pane.tsx'
import { LogPane } from './log/log-pane.tsx'
import { OverlayPane } from './overlay/overlay-pane.tsx'
import { PeersPane } from './peers/peers-pane.tsx'
import { useStore } from './screen-context.ts'
import { StatusLine } from './status-line/status-line.tsx'
import { rowsWanted } from './status-line/warning-rows.ts'
import { Warnings } from './status-line/warnings.tsx'

const PANES: Readonly<Record<Pane, (props: PaneProps) => ReactNode>> = { peers: PeersPane, log: LogPane }

/** Everything on screen, laid out for its size. */
export function Screen({ columns, rows }: Rect): ReactNode {
  const focus = useStore(store => store.screen.focus)
  const view = useStore(store => store.screen.view)
  const overlay = useStore(store => store.screen.overlays.at(-1))
  const warnings = useStore(store => rowsWanted(warningsOf(store.swarm), columns))
  const layout = layoutFor(columns, rows, { focus, warnings })
  if (layout.kind === 'too-small') return <TooSmall columns={columns} rows={rows} />
  return (
    <>
      <StatusLine columns={columns} />
      {layout.warningRows > 0 && <Warnings columns={columns} rows={layout.warningRows} />}
      {overlay !== undefined ? (
        <OverlayPane overlay={overlay} {...layout.body} />
      ) : view === 'main' ? (
        <Panes layout={layout} />
      ) : (
        <ListPane view={view} {...layout.body} />
      )}
      <Bottom columns={columns} rows={rows} noticeRows={layout.noticeRows} />
    </>
  )
}

function Panes({ layout }: { layout: Layout }): ReactNode {
  const { kind, panes, body } = layout
  const shown = (['peers', 'log'] as const).flatMap(pane => {
    const rect = panes[pane]
    const View = PANES[pane]
    return rect === undefined ? [] : [<View key={pane} {...rect} alone={kind === 'single'} />]
  })
  if (kind !== 'side-by-side') {
    return (
      <Box flexDirection="column" width={body.columns} height={body.rows}>
        {shown}
      </Box>
    )
  }
  return (
    <Box width={body.columns} height={body.rows}>
      {shown[0]}
      <Separator rows={body.rows} />
      {shown[1]}
    </Box>
  )
}

function Separator({ rows }: { rows: number }): ReactNode {
  const { separator } = useGlyphs()
  return (
    <Box flexDirection="column" width={1} height={rows}>
      {Array.from({ length: rows }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a row is its place on the screen.
        <Line key={row} spans={[{ text: separator, style: 'dim' }]} columns={1} />
      ))}
    </Box>
  )
}

function TooSmall({ columns, rows }: Rect): ReactNode {
  return (
    <EmptyState
      sentences={[
        say`This window is too small`,
        say`${columns}x${rows} here, ${SMALLEST.columns}x${SMALLEST.rows} needed. The node keeps running; q quits.`,
      ]}
      columns={columns}
      height={rows}
    />
  )
}
