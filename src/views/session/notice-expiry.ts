import type { Cancel, Clock } from '../../core/clock.ts'
import type { Notice } from '../../store/screen/screen-state.ts'
import type { Store } from '../../store/store.ts'

/** How long good news stays. */
const LIFETIME_MS = 20_000

/** Takes answers away once they may no longer be true. What went wrong stays until the person has dealt with it. */
export function expireNotices(store: Store, clock: Clock): Cancel {
  let shown: Notice | undefined
  let cancelTimer: Cancel = () => {}
  const watch = () => {
    const { notice } = store.screen
    if (notice === shown) return
    shown = notice
    cancelTimer()
    cancelTimer = () => {}
    if (notice === undefined || notice.tone === 'bad' || notice.tone === 'warn') return
    cancelTimer = clock.after(LIFETIME_MS, () => store.dispatch({ type: 'notice', notice: undefined }))
  }
  const unsubscribe = store.subscribe(watch)
  watch()
  return () => {
    unsubscribe()
    cancelTimer()
  }
}
