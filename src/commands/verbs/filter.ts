import { type FilterKey, parseFilter } from '../../core/filter.ts'
import { FILTER_KEYS, LOG_KEYS, PEER_KEYS } from '../../core/filter-subjects.ts'
import { joinSafe, safeText, say } from '../../core/safe-text.ts'
import { placeOf } from '../../store/screen/places.ts'
import type { Command } from '../command.ts'
import { screenOf } from '../screen.ts'

/** Sets or clears the filter of the focused pane; a doubtful query is warned of and still applied. */
export const filter: Command = {
  verb: 'filter',
  summary: 'shows only the rows of the focused pane or view that match; alone it shows all again',
  details:
    'All terms must match. -term must not match, "two words" are one term, key:value looks at one field, rtt>20 ' +
    `compares. The peers have the keys ${names(PEER_KEYS)}; the log has ${names(LOG_KEYS)}.`,
  params: [
    {
      name: 'text',
      kind: 'text',
      optional: true,
      rest: 'query',
      summary: 'e.g. kind:dial -kind:ping, rtt>20',
    },
  ],
  examples: ['filter', 'filter state:connected', 'filter kind:dial -type:dial:progressed', 'filter rtt>20'],
  where: 'screen',
  async run(args, context) {
    const screen = screenOf(context)
    const pane = placeOf(screen.state())
    const query = String(args.text ?? '')
    const { errors } = parseFilter(query, FILTER_KEYS[pane])
    screen.dispatch({ type: 'filter', pane, filter: query })
    if (errors.length > 0) context.reply({ tone: 'warn', text: joinSafe(errors, ', ') })
    else if (query === '') context.reply({ tone: 'plain', text: say`${safeText(pane)}: no filter` })
  },
}

function names(keys: readonly FilterKey[]): string {
  return keys.map(({ name }) => name).join(', ')
}
