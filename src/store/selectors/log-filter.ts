import type { Cancel } from '../../core/clock.ts'
import { peerOf } from '../../core/event-names.ts'
import { type FilterSubject, parseFilter } from '../../core/filter.ts'
import { LOG_KEYS, logSubject } from '../../core/filter-subjects.ts'
import type { SafeText } from '../../core/safe-text.ts'
import type { LogEntry } from '../event-log.ts'
import type { Store } from '../store.ts'

/**
 * Keeps the lines that the log finds in step with the filter that the person has typed, whoever changes it, and with
 * what peers are called.
 */
export function keepLogFiltered(store: Store): Cancel {
  let filter = ''
  let seen = store.log.end
  let subjects = new WeakMap<LogEntry, FilterSubject>()
  // Lines never change: what was made of one for a key is there for the next key.
  const subjectOf = (entry: LogEntry): FilterSubject => {
    const subject = subjects.get(entry) ?? logSubject(entry, nameOf(store, entry))
    subjects.set(entry, subject)
    return subject
  }
  const update = () => {
    const wanted = store.screen.log.filter
    const renamed = tellsOfNames(store, seen)
    seen = store.log.end
    if (wanted === filter && !(renamed && filter !== '')) return
    filter = wanted
    const { matches, empty } = parseFilter(wanted, LOG_KEYS)
    if (empty || renamed) subjects = new WeakMap()
    store.log.setFilter(empty ? () => true : entry => matches(subjectOf(entry)))
  }
  const cancel = store.subscribe(update)
  update()
  return cancel
}

function nameOf({ swarm }: Store, entry: LogEntry): SafeText | undefined {
  const peerId = entry.kind === 'gap' ? undefined : peerOf(entry.event)
  return peerId === undefined ? undefined : swarm.peers.get(peerId)?.name
}

/** Whether a peer got another name in a line from `place` on. */
function tellsOfNames({ log }: Store, place: number): boolean {
  for (let at = Math.max(place, log.start); at < log.end; at += 1) {
    const entry = log.at(at)
    if (entry?.kind === 'event' && entry.event.type.startsWith('name:')) return true
  }
  return false
}
