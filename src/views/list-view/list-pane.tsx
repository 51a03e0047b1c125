import { Box } from 'ink'
import { type ReactNode, useLayoutEffect } from 'react'
import { topFor } from '../../core/list-window.ts'
import { type SafeText, safeText, say } from '../../core/safe-text.ts'
import { widthOf } from '../../core/width.ts'
import type { ListView } from '../../store/screen/screen-state.ts'
import type { Store } from '../../store/store.ts'
import { useGlyphs } from '../../ui/glyphs.ts'
import { ListRow, MARK_COLUMNS } from '../../ui/list-row.tsx'
import { PaneTitle } from '../../ui/pane-title.tsx'
import { EmptyState } from '../../ui/rows.tsx'
import type { Span } from '../../ui/spans.ts'
import type { Rect } from '../layout.ts'
import { useScreen, useStore } from '../screen-context.ts'
import { ListRowLine } from './list-row-line.tsx'
import { selectedRow } from './selected-row.ts'
import type { ViewList, ViewRow } from './view-list.ts'
import { viewList } from './view-lists.ts'

/** Rows of a view that are none of its list: its title and the headings. */
export function listChrome({ heading, rows }: ViewList): number {
  return heading === undefined || rows.length === 0 ? 1 : 2
}

/** A view that is one list over the whole body: only the rows on screen are made. */
export function ListPane({ view, columns, rows: height }: Rect & { view: ListView }): ReactNode {
  const { store } = useScreen().session
  useStore(() => store.swarm)
  useStore(() => store.screen.connectionSort)
  const choice = useStore(() => store.screen.lists[view])
  const list = viewList(store, view)
  const glyphs = useGlyphs()
  const room = height - listChrome(list)
  const selected = selectedRow(store, view)
  const { id, index = 0 } = selected ?? {}
  const top = topFor(index, choice.top, { length: list.rows.length, rows: room })
  // The row on screen is right already; this only remembers it for when it is gone.
  useLayoutEffect(() => {
    const { selected: known, row, top: knownTop } = store.screen.lists[view]
    if (known === undefined || id === undefined) return
    if (known === id && row === index && knownTop === top) return
    store.dispatch({ type: 'list:select', view, id, row: index, top })
  }, [store, view, id, index, top])

  const rows = rowsFrom(list, top, room)
  const nameColumns = Math.max(0, ...rows.map(({ peerId }) => nameWidth(store, peerId)))
  const rowRoom = { columns: columns - MARK_COLUMNS - 1, nameColumns, glyphs }
  return (
    <Box flexDirection="column" width={columns} height={height}>
      <PaneTitle
        title={list.title}
        notes={[...list.notes, ...filterNotes(choice.filter, list)]}
        aside={[position(index, list.rows.length, room)]}
        focused
        columns={columns}
      />
      {list.rows.length === 0 ? (
        <EmptyState sentences={emptyText(choice.filter, list)} columns={columns} height={height - 1} />
      ) : (
        <>
          {list.heading !== undefined && (
            <ListRow spans={list.heading(rowRoom)} columns={columns} mark={undefined} />
          )}
          {rows.map(row => (
            <ListRowLine
              key={row.id}
              row={row}
              room={rowRoom}
              columns={columns}
              mark={row.id === id ? 'selected' : undefined}
            />
          ))}
        </>
      )}
    </Box>
  )
}

function filterNotes(filter: string, { errors: [error] }: ViewList): Span[] {
  if (filter === '') return []
  const query: Span = { text: say`/${safeText(filter)}`, style: 'match' }
  return error === undefined ? [query] : [query, { text: error, style: 'warn' }]
}

function emptyText(filter: string, { empty }: ViewList) {
  return filter === '' ? empty : [say`Nothing matches /${safeText(filter)}`, say`Esc clears the filter.`]
}

/** The rows that are on screen. */
function rowsFrom({ rows }: ViewList, top: number, room: number): ViewRow[] {
  const shown = Array.from({ length: Math.min(room, rows.length - top) }, (_, row) => rows.at(top + row))
  return shown.filter(row => row !== undefined)
}

function nameWidth({ swarm }: Store, peerId: SafeText | undefined): number {
  return widthOf((peerId === undefined ? undefined : swarm.peers.get(peerId)?.name) ?? '')
}

/** Where in a list that does not fit the selection is. */
function position(index: number, length: number, room: number): Span[] {
  return length <= room ? [] : [{ text: say`${index + 1}/${length}`, style: 'dim' }]
}
