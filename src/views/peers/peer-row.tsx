import { memo, type ReactNode } from 'react'
import type { SafeText } from '../../core/safe-text.ts'
import type { Peer } from '../../core/swarm.ts'
import { useGlyphs } from '../../ui/glyphs.ts'
import { ListRow, type RowMark } from '../../ui/list-row.tsx'
import type { FittedColumn } from '../../ui/table.ts'
import { type PeerColumnId, peerSpans } from './peer-columns.ts'

/** What a row shows of a peer, in which columns. `now` is in ms since the epoch. */
export interface PeerRowProps {
  peer: Peer
  address: SafeText | undefined
  fitted: readonly FittedColumn<PeerColumnId>[]
  columns: number
  now: number
  mark: RowMark
}

/** One peer; drawn again only when something in it has changed. */
export const PeerRow: (props: PeerRowProps) => ReactNode = memo(function PeerRow({
  peer,
  address,
  fitted,
  columns,
  now,
  mark,
}: PeerRowProps): ReactNode {
  const glyphs = useGlyphs()
  const spans = peerSpans(fitted, peer, { address, glyphs, now })
  return <ListRow spans={spans} columns={columns} mark={mark} />
})
