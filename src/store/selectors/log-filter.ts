import type { Cancel } from '../../core/clock.ts'
import { type FilterSubject, parseFilter } from '../../core/filter.ts'
import { LOG_KEYS, logSubject } from '../../core/filter-subjects.ts'
import type { LogEntry } from '../event-log.ts'
import type { Store } from '../store.ts'

/** Keeps the lines that the log finds in step with the filter that the person has typed, whoever changes it. */
export function keepLogFiltered(store: Store): Cancel {
  let filter = ''
  let subjects = new WeakMap<LogEntry, FilterSubject>()
  // Lines never change: what was made of one for a key is there for the next key.
  const subjectOf = (entry: LogEntry): FilterSubject => {
    const subject = subjects.get(entry) ?? logSubject(entry)
    subjects.set(entry, subject)
    return subject
  }
  const update = () => {
    const wanted = store.screen.log.filter
    if (wanted === filter) return
    filter = wanted
    const { matches, empty } = parseFilter(wanted, LOG_KEYS)
    if (empty) subjects = new WeakMap()
    store.log.setFilter(empty ? () => true : entry => matches(subjectOf(entry)))
  }
  const cancel = store.subscribe(update)
  update()
  return cancel
}
