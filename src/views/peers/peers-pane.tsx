import { Box } from 'ink'
import { type ReactNode, useLayoutEffect, useMemo } from 'react'
import { topFor } from '../../core/list-window.ts'
import { safeText, say } from '../../core/safe-text.ts'
import { widthOf } from '../../core/width.ts'
import { bestAddress } from '../../store/selectors/node-rows.ts'
import { selectionOf } from '../../store/selectors/selection.ts'
import type { Store } from '../../store/store.ts'
import { type Glyphs, useGlyphs } from '../../ui/glyphs.ts'
import { ListRow, MARK_COLUMNS } from '../../ui/list-row.tsx'
import { PaneTitle } from '../../ui/pane-title.tsx'
import { EmptyState } from '../../ui/rows.tsx'
import type { Span } from '../../ui/spans.ts'
import type { PaneProps } from '../layout.ts'
import { useScreen, useStore } from '../screen-context.ts'
import { noPeersText } from './no-peers.ts'
import { headingSpans, peerColumns, sortArrow } from './peer-columns.ts'
import { PeerRow } from './peer-row.tsx'

/** Rows of the pane that are no peers: its title and the headings. */
export const PEERS_CHROME = 2

const TO_LOG: Span = { text: say`Tab log`, style: 'key' }

/** The peers, one row each. */
export function PeersPane({ columns, rows, alone }: PaneProps): ReactNode {
  const { session } = useScreen()
  const { store } = session
  const { peerList } = store
  const swarm = useStore(() => store.swarm)
  const choice = useStore(() => store.screen.peers)
  const focused = useStore(() => store.screen.focus === 'peers' && store.screen.overlays.length === 0)
  const glyphs = useGlyphs()

  const height = rows - PEERS_CHROME
  const selection = selectionOf(store)
  const top = topFor(selection?.row ?? 0, choice.top, { length: peerList.length, rows: height })
  const { peerId, row = 0 } = selection ?? {}
  // The row on screen is right already; this only remembers it for when the peer is gone.
  useLayoutEffect(() => {
    const { selected, row: knownRow, top: knownTop } = store.screen.peers
    // Until the person has touched a key, the first row is selected, whoever stands there.
    if (selected === undefined || peerId === undefined) return
    if (selected === peerId && knownRow === row && knownTop === top) return
    store.dispatch({ type: 'peers:select', peerId, top, row })
  }, [store, peerId, row, top])

  const shown = peerList.slice(top, top + height)
  const nameColumns = Math.max(0, ...shown.map(id => widthOf(swarm.peers.get(id)?.name ?? '')))
  const fitted = useMemo(() => peerColumns(columns - MARK_COLUMNS - 1, nameColumns), [columns, nameColumns])
  return (
    <Box flexDirection="column" width={columns} height={rows}>
      <PaneTitle
        title={say`Peers`}
        notes={notes(store, glyphs)}
        aside={[position(row, peerList.length, height), alone ? [TO_LOG] : []]}
        focused={focused}
        columns={columns}
      />
      {shown.length === 0 ? (
        <EmptyState sentences={noPeersText(store, session.mdns)} columns={columns} height={rows - 1} />
      ) : (
        <>
          <ListRow spans={headingSpans(fitted, choice.sort, glyphs)} columns={columns} mark={undefined} />
          {shown.map(id => {
            const peer = swarm.peers.get(id)
            return peer === undefined ? null : (
              <PeerRow
                key={id}
                peer={peer}
                address={bestAddress(swarm, peer)}
                fitted={fitted}
                columns={columns}
                mark={id !== peerId ? undefined : focused ? 'selected' : 'selectedIdle'}
              />
            )
          })}
        </>
      )}
    </Box>
  )
}

function notes({ peerList, swarm, screen }: Store, glyphs: Glyphs): Span[] {
  const { filter, sort } = screen.peers
  const { length: shown, errors } = peerList
  const all = swarm.peers.size
  const counts: Span = { text: shown === all ? say`${all}` : say`${shown} of ${all}`, style: 'dim' }
  const order: Span = { text: say`by ${safeText(sort.column)} ${sortArrow(sort, glyphs)}`, style: 'dim' }
  if (filter === '') return [counts, order]
  const [error] = errors
  return [
    counts,
    { text: say`/${safeText(filter)}`, style: 'match' },
    ...(error === undefined ? [] : [{ text: error, style: 'warn' } as const]),
    order,
  ]
}

/** Where in a list that does not fit the selection is. */
function position(row: number, length: number, height: number): Span[] {
  return length <= height ? [] : [{ text: say`${row + 1}/${length}`, style: 'dim' }]
}
