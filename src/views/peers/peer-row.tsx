import { memo, type ReactNode } from 'react'
import type { SafeText } from '../../core/safe-text.ts'
import type { Peer } from '../../core/swarm.ts'
import { useGlyphs } from '../../ui/glyphs.ts'
import { ListRow, type RowMark } from '../../ui/list-row.tsx'
import type { FittedColumn } from '../../ui/table.ts'
import { useTime } from '../screen-context.ts'
import { heardText } from './heard-text.ts'
import { type PeerColumnId, peerSpans } from './peer-columns.ts'

/** What a row shows of a peer, in which columns. */
export interface PeerRowProps {
  peer: Peer
  address: SafeText | undefined
  fitted: readonly FittedColumn<PeerColumnId>[]
  columns: number
  mark: RowMark
}

/** One peer; drawn again only when something in it has changed. */
export const PeerRow: (props: PeerRowProps) => ReactNode = memo(function PeerRow({
  peer,
  address,
  fitted,
  columns,
  mark,
}: PeerRowProps): ReactNode {
  const glyphs = useGlyphs()
  const heard = useTime(now => heardText(peer, now))
  const spans = peerSpans(fitted, peer, { address, glyphs, heard })
  return <ListRow spans={spans} columns={columns} mark={mark} />
})
