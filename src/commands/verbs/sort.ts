import { safeText, say } from '../../core/safe-text.ts'
import type { ScreenAction } from '../../store/screen/reduce-screen.ts'
import { CONNECTION_COLUMNS, PEER_COLUMNS, type ScreenState } from '../../store/screen/screen-state.ts'
import type { Command } from '../command.ts'
import { failed } from '../fail.ts'
import { screenOf } from '../screen.ts'

/** A list that can be sorted: its columns, how it is sorted now, and the action that changes that. */
interface Sortable {
  columns: readonly string[]
  sort: { column: string; descending: boolean }
  action: (ScreenAction & { type: `${string}:sort` })['type']
}

/**
 * Chooses what the peers, or in their view the connections, are sorted by, and which way round. Fails at stage `target`
 * in a view that has its own order, and for a column of another list.
 */
export const sort: Command = {
  verb: 'sort',
  summary: 'sorts the peers or the connections by a column; alone by the next one',
  details:
    'The same column again turns the order round, and so does reverse. In their view the connections are sorted, by ' +
    `${CONNECTION_COLUMNS.join(', ')}; elsewhere the peers, by ${PEER_COLUMNS.join(', ')}.`,
  params: [
    {
      name: 'column',
      kind: [...new Set([...PEER_COLUMNS, ...CONNECTION_COLUMNS]), 'next', 'reverse'],
      optional: true,
      summary: 'which column',
    },
  ],
  keys: [
    { keys: ['s'], where: ['peers', 'connections'], label: 'sort', line: 'sort next', rank: 60 },
    { keys: ['S'], where: ['peers', 'connections'], label: 'turn order', line: 'sort reverse' },
  ],
  examples: ['sort rtt', 'sort', 'sort reverse', 'sort in/s'],
  where: 'screen',
  async run(args, context) {
    const screen = screenOf(context)
    const { columns, sort: before, action } = sortableOf(screen.state())
    const wanted = String(args.column ?? 'next')
    const column =
      wanted === 'reverse' ? before.column : wanted === 'next' ? after(before.column, columns) : wanted
    if (!columns.includes(column)) {
      throw failed(
        'target',
        say`There is no column ${safeText(column)} here`,
        say`Sort by ${safeText(columns.join(', '))}`,
      )
    }
    screen.dispatch({
      type: action,
      column,
      ...(wanted === 'next' ? { descending: false } : {}),
    } as ScreenAction)
    const { sort: now } = sortableOf(screen.state())
    const order = now.descending ? say`, turned round` : say``
    context.reply({ tone: 'plain', text: say`sorted by ${safeText(now.column)}${order}` })
  },
}

function sortableOf({ view, peers, connectionSort }: ScreenState): Sortable {
  switch (view) {
    case 'main':
      return { columns: PEER_COLUMNS, sort: peers.sort, action: 'peers:sort' }
    case 'connections':
      return {
        columns: CONNECTION_COLUMNS,
        sort: connectionSort,
        action: 'connections:sort',
      }
    default:
      throw failed(
        'target',
        say`The rows of ${safeText(view)} have an order of their own`,
        say`1 shows the peers and 2 the connections, which can be sorted`,
      )
  }
}

function after(column: string, columns: readonly string[]): string {
  return columns[(columns.indexOf(column) + 1) % columns.length] ?? column
}
