import type { ReactNode } from 'react'
import { useGlyphs } from '../../ui/glyphs.ts'
import { ListRow, MARK_COLUMNS, type RowMark } from '../../ui/list-row.tsx'
import { useTime } from '../screen-context.ts'
import type { ViewRow } from './view-list.ts'

/** One row of a view, drawn again when what it shows of the time has changed. */
export function ListRowLine({
  row,
  columns,
  mark,
}: {
  row: ViewRow
  columns: number
  mark: RowMark
}): ReactNode {
  const glyphs = useGlyphs()
  const time = useTime(now => row.time?.(now))
  return (
    <ListRow
      spans={row.spans({ columns: columns - MARK_COLUMNS - 1, glyphs, time })}
      columns={columns}
      mark={mark}
    />
  )
}
