/** What views read: the store, the time, and the session that the person's keys go to. */
import { createContext, use, useSyncExternalStore } from 'react'
import type { Store } from '../store/store.ts'
import type { Session } from './session/session.ts'

/** What every view may read. */
export interface ScreenContextValue {
  session: Session
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

/**
 * Something that depends on the time (ms since the epoch, to the second), looked at once a second; the view is drawn
 * again when it is another value than before. So ask for what is shown, not for the time.
 */
export function useTime<T extends string | number | undefined>(select: (now: number) => T): T {
  const { seconds } = useScreen().session
  return useSyncExternalStore(seconds.subscribe, () => select(seconds.now()))
}
