/** What views read: the store, the time, and the session that the person's keys go to. */
import { createContext, use, useSyncExternalStore } from 'react'
import type { Store } from '../store/store.ts'
import type { Session } from './session/session.ts'

/** What every view may read. */
export interface ScreenContextValue {
  session: Session
  /** Time now in ms since the epoch; moves once a second, for ages. */
  now: number
}

const ScreenContext = createContext<ScreenContextValue | undefined>(undefined)

/** Gives the views below it their screen. */
export const ScreenProvider = ScreenContext.Provider

/**
 * The screen that a view is part of.
 *
 * @throws when there is none
 */
export function useScreen(): ScreenContextValue {
  const value = use(ScreenContext)
  if (value === undefined) throw new Error('a view needs a <ScreenProvider> around it')
  return value
}

/** A part of the store; the view is drawn again when it is another value than before. */
export function useStore<T>(select: (store: Store) => T): T {
  const { store } = useScreen().session
  return useSyncExternalStore(store.subscribe, () => select(store))
}
