import { Box, useApp, useInput, usePaste, useWindowSize } from 'ink'
import { type ReactNode, useEffect, useLayoutEffect, useMemo } from 'react'
import type { Cancel } from './core/clock.ts'
import { GlyphProvider } from './ui/glyphs.ts'
import { type Theme, ThemeProvider } from './ui/theme.ts'
import { Screen } from './views/screen.tsx'
import { ScreenProvider } from './views/screen-context.ts'
import type { Session } from './views/session/session.ts'

export interface AppProps {
  session: Session
  theme: Theme
  /** Absent where there is no shell to go back to. */
  suspension?: Suspension
}

/** How the program stops and goes on as a job of a shell. The terminal is the shell's meanwhile. */
export interface Suspension {
  /** Stops the process; settles when it goes on. */
  stop(): Promise<void>
  /** Calls `listener` when something else than a key asks to stop. */
  onAsked(listener: () => void): Cancel
}

/** The whole screen. The only place that ends it: when the person quits or the node is gone. */
export function App({ session, theme, suspension }: AppProps): ReactNode {
  const { exit, suspendTerminal } = useApp()
  const { columns, rows } = useWindowSize()
  const { store } = session
  const context = useMemo(() => ({ session }), [session])

  useLayoutEffect(() => {
    session.size = { columns, rows }
  }, [session, columns, rows])
  useEffect(() => session.onQuit(() => exit()), [session, exit])
  const suspend = () => {
    if (suspension !== undefined) void suspendTerminal(() => suspension.stop())
  }
  // biome-ignore lint/correctness/useExhaustiveDependencies: one listener for as long as there is a screen
  useEffect(() => suspension?.onAsked(suspend), [suspension])
  useEffect(() => {
    const end = () => {
      if (store.end !== undefined) exit()
    }
    end()
    return store.subscribe(end)
  }, [store, exit])

  useInput((input, key) => {
    if (key.ctrl && input === 'c') session.quit()
    else if (key.ctrl && input === 'z') {
      suspend()
    } else session.input(input, key)
  })

  usePaste(text => session.bar.paste(text))

  return (
    <ThemeProvider value={theme}>
      <GlyphProvider value={session.glyphs}>
        <ScreenProvider value={context}>
          <Box flexDirection="column" width="100%" height={rows}>
            <Screen columns={columns} rows={rows} />
          </Box>
        </ScreenProvider>
      </GlyphProvider>
    </ThemeProvider>
  )
}
