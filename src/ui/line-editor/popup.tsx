import { Box } from 'ink'
import type { ReactNode } from 'react'
import { type SafeText, safeText, say } from '../../core/safe-text.ts'
import { cut, pad, widthOf } from '../../core/width.ts'
import { Line } from '../line.tsx'
import type { Span } from '../spans.ts'
import type { LineState, Menu } from './state.ts'

/** The most candidates shown at once. */
const MENU_ROWS = 8
/** The share of the width that candidates may take where there are notes beside them. */
const SHARE_BESIDE_NOTES = 0.6
const FOLLOWED = say`› `
const INDENT = say`  `

/** What to show above the line, and how much room there is, in columns and rows. */
export interface PopupProps {
  state: LineState
  columns: number
  /** How many rows there are above the line. */
  rowsAbove: number
}

/** What the editor shows over the rows above its line: the candidates of a completion, or a note. */
export function Popup({ state, columns, rowsAbove }: PopupProps): ReactNode {
  const rows = popupRows(state, columns, Math.min(MENU_ROWS, rowsAbove))
  if (rows.length === 0) return null
  return (
    <Box position="absolute" marginTop={-rows.length} flexDirection="column">
      {rows.map((spans, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a row of the popup is its place on the screen.
        <Line key={place} spans={spans} columns={columns} />
      ))}
    </Box>
  )
}

function popupRows(state: LineState, columns: number, most: number): Span[][] {
  if (most <= 0) return []
  if (state.menu !== undefined) return menuRows(state.menu, columns, most)
  return state.note === undefined ? [] : [[{ text: state.note, style: 'warn' }]]
}

/** The candidates around the selected one; if there are more, the last row says how many there are. */
function menuRows(menu: Menu, columns: number, most: number): Span[][] {
  const count = menu.candidates.length
  const room = count > most && most > 1 ? most - 1 : most
  const first = Math.max(0, Math.min(menu.selected - Math.floor(room / 2), count - room))
  const shown = menu.candidates.slice(first, first + room)
  const share = shown.some(({ note }) => note !== undefined) ? SHARE_BESIDE_NOTES : 1
  const widest = Math.max(8, Math.floor((columns - 4) * share))
  // Peer IDs begin alike, and multiaddrs of one host too: their ends tell them apart.
  const values = shown.map(({ value }) => cut(safeText(value.trimEnd()), widest, { from: 'middle' }))
  const width = Math.max(...values.map(widthOf))
  const rows = shown.map((candidate, place) => {
    const followed = first + place === menu.selected
    const value = pad(values[place] ?? INDENT, width)
    return [
      { text: followed ? FOLLOWED : INDENT },
      { text: value, style: followed ? 'selected' : 'normal' },
      ...(candidate.note === undefined ? [] : ([{ text: say`  ${candidate.note}`, style: 'dim' }] as const)),
    ] satisfies Span[]
  })
  if (room === most) return rows
  return [...rows, [{ text: more(menu.selected, count), style: 'dim' }]]
}

function more(selected: number, count: number): SafeText {
  return selected < 0 ? say`  ${count} in all` : say`  ${selected + 1} of ${count}`
}
