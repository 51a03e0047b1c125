import type { Cancel } from '../../core/clock.ts'
import { parseFilter } from '../../core/filter.ts'
import { LOG_KEYS, logSubject } from '../../core/filter-subjects.ts'
import type { Store } from '../store.ts'

/** Keeps the lines that the log finds in step with the filter that the person has typed, whoever changes it. */
export function keepLogFiltered(store: Store): Cancel {
  let filter = ''
  const update = () => {
    const wanted = store.screen.log.filter
    if (wanted === filter) return
    filter = wanted
    const { matches, empty } = parseFilter(wanted, LOG_KEYS)
    store.log.setFilter(empty ? () => true : entry => matches(logSubject(entry)))
  }
  const cancel = store.subscribe(update)
  update()
  return cancel
}
