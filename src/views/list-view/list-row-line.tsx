import type { ReactNode } from 'react'
import { ListRow, type RowMark } from '../../ui/list-row.tsx'
import { useTime } from '../screen-context.ts'
import type { RowRoom, ViewRow } from './view-list.ts'

/** One row of a view, drawn again when what it shows of the time has changed. */
export function ListRowLine({
  row,
  room,
  columns,
  mark,
}: {
  row: ViewRow
  room: RowRoom
  columns: number
  mark: RowMark
}): ReactNode {
  const time = useTime(now => row.time?.(now))
  return <ListRow spans={row.spans({ ...room, time })} columns={columns} mark={mark} />
}
