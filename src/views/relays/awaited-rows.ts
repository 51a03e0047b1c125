import type { Filter } from '../../core/filter.ts'
import { plural, timeLeft } from '../../core/format.ts'
import { type SafeText, say } from '../../core/safe-text.ts'
import { shownName } from '../../store/selectors/shown-name.ts'
import type { SwarmState } from '../../store/swarm/state.ts'
import type { ViewRow } from '../list-view/view-list.ts'
import { textSubject } from './text-subject.ts'

/** Relays that do not reserve for us at the moment, the one that is asked next on top. */
export function awaitedRows(swarm: SwarmState, filter: Filter): ViewRow[] {
  return [...swarm.awaited]
    .filter(([key]) => filter.matches(textSubject(key)))
    .sort(([, a], [, b]) => a.nextAt - b.nextAt)
    .map(([key, { peerId, address, attempts, nextAt }]) => ({
      id: `awaited ${key}`,
      ...(peerId === undefined ? {} : { peerId }),
      time: now => (now < nextAt ? say`in ${timeLeft(nextAt - now)}` : say`now`),
      spans: ({ time }) => [
        { text: say`  ${peerId === undefined ? (address ?? say``) : shownName(swarm, peerId)}` },
        { text: say`  asked again ${time ?? say``}`, style: 'bad' },
        { text: say`  no reservation${tried(attempts)}`, style: 'dim' },
      ],
    }))
}

function tried(attempts: number): SafeText {
  return attempts === 0 ? say`` : say`, ${plural(attempts, say`try`, say`tries`)}`
}
