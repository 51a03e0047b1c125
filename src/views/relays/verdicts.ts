import { type SafeText, say } from '../../core/safe-text.ts'
import type { Reachability } from '../../store/selectors/reachability.ts'
import type { StyleName } from '../../ui/theme.ts'

/** Each verdict in a word or two, and how it is to be taken. */
export const VERDICTS: Readonly<Record<Reachability['verdict'], { word: SafeText; style: StyleName }>> = {
  reachable: { word: say`reachable`, style: 'good' },
  relayed: { word: say`through a relay`, style: 'warn' },
  unreachable: { word: say`not reachable`, style: 'bad' },
  unknown: { word: say`reachability unknown`, style: 'dim' },
}
