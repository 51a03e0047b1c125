import { Box, useApp, useInput, usePaste, useWindowSize } from 'ink'
import { type ReactNode, useEffect, useLayoutEffect, useState } from 'react'
import type { Clock } from './core/clock.ts'
import { GlyphProvider } from './ui/glyphs.ts'
import { type Theme, ThemeProvider } from './ui/theme.ts'
import { Screen } from './views/screen.tsx'
import { ScreenProvider } from './views/screen-context.ts'
import type { Session } from './views/session/session.ts'

export interface AppProps {
  session: Session
  theme: Theme
  /** Stops the process until the person brings it back (Ctrl-Z, fg). The terminal is the shell's meanwhile. */
  suspend?: () => Promise<void>
}

/** The whole screen. The only place that ends it: when the person quits or the node is gone. */
export function App({ session, theme, suspend }: AppProps): ReactNode {
  const { exit, suspendTerminal } = useApp()
  const { columns, rows } = useWindowSize()
  const now = useNow(session.clock)
  const { store } = session

  useLayoutEffect(() => {
    session.size = { columns, rows }
  }, [session, columns, rows])
  useEffect(() => session.onQuit(() => exit()), [session, exit])
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
      if (suspend !== undefined) void suspendTerminal(suspend)
    } else session.input(input, key)
  })

  usePaste(text => session.bar.paste(text))

  return (
    <ThemeProvider value={theme}>
      <GlyphProvider value={session.glyphs}>
        <ScreenProvider value={{ session, now }}>
          <Box flexDirection="column" width={columns} height={rows} overflow="hidden">
            <Screen columns={columns} rows={rows} />
          </Box>
        </ScreenProvider>
      </GlyphProvider>
    </ThemeProvider>
  )
}

/** The time, once a second: ages need no more. */
function useNow(clock: Clock): number {
  const [now, setNow] = useState(() => clock.now())
  useEffect(() => clock.every(1000, () => setNow(clock.now())), [clock])
  return now
}
