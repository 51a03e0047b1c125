import type { Filter } from '../../core/filter.ts'
import { connectionSubject } from '../../core/filter-subjects.ts'
import { perValue } from '../../core/per-value.ts'
import type { SafeText } from '../../core/safe-text.ts'
import type { Connection } from '../../core/swarm.ts'
import type { SwarmState } from '../../store/swarm/state.ts'

interface Verdict {
  name: SafeText | undefined
  passes: boolean
}

/** What a filter has said of connections: only what has changed since is looked at again. */
const verdictsOf = perValue((_: Filter) => new WeakMap<Connection, Verdict>())

/** The connections that a filter lets through. */
export function passingConnections(
  { peers }: SwarmState,
  filter: Filter,
  connections: readonly Connection[],
): readonly Connection[] {
  const verdicts = verdictsOf(filter)
  return connections.filter(connection => {
    const name = peers.get(connection.peerId)?.name
    const known = verdicts.get(connection)
    if (known !== undefined && known.name === name) return known.passes
    const passes = filter.matches(connectionSubject(connection, name))
    verdicts.set(connection, { name, passes })
    return passes
  })
}
