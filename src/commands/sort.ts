import { safeText, say } from '../core/safe-text.ts'
import { PEER_COLUMNS, type PeerColumn } from '../store/screen/screen-state.ts'
import type { Command } from './command.ts'
import { screenOf } from './screen.ts'

/** Chooses what the peers are sorted by, and which way round. */
export const sort: Command = {
  verb: 'sort',
  summary: 'sorts the peers by a column; alone by the next one',
  details: 'The same column again turns the order round, and so does reverse.',
  params: [
    {
      name: 'column',
      kind: [...PEER_COLUMNS, 'next', 'reverse'],
      optional: true,
      summary: 'which column',
    },
  ],
  keys: [
    { keys: ['s'], where: ['peers'], label: 'sort', line: 'sort next', rank: 60 },
    { keys: ['S'], where: ['peers'], label: 'turn order', line: 'sort reverse' },
  ],
  examples: ['sort rtt', 'sort', 'sort reverse'],
  where: 'screen',
  async run(args, context) {
    const screen = screenOf(context)
    const { column } = screen.state().peers.sort
    const wanted = String(args.column ?? 'next')
    if (wanted === 'reverse') screen.dispatch({ type: 'peers:sort', column })
    else if (wanted === 'next') {
      screen.dispatch({ type: 'peers:sort', column: after(column), descending: false })
    } else screen.dispatch({ type: 'peers:sort', column: wanted as PeerColumn })
    const { sort: now } = screen.state().peers
    const order = now.descending ? say`, turned round` : say``
    context.reply({ tone: 'plain', text: say`sorted by ${safeText(now.column)}${order}` })
  },
}

function after(column: PeerColumn): PeerColumn {
  return PEER_COLUMNS[(PEER_COLUMNS.indexOf(column) + 1) % PEER_COLUMNS.length] ?? PEER_COLUMNS[0]
}
