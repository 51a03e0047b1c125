import { Box } from 'ink'
import type { ReactNode } from 'react'
import { peerOf } from '../../core/event-names.ts'
import { type SafeText, safeText, say } from '../../core/safe-text.ts'
import type { LogEntry } from '../../store/event-log.ts'
import { type LogWindow, logWindow } from '../../store/selectors/log-window.ts'
import type { SwarmState } from '../../store/swarm/state.ts'
import { type Glyphs, useGlyphs } from '../../ui/glyphs.ts'
import { PaneTitle } from '../../ui/pane-title.tsx'
import { EmptyState } from '../../ui/rows.tsx'
import type { Span } from '../../ui/spans.ts'
import type { PaneProps } from '../layout.ts'
import { useScreen, useStore } from '../screen-context.ts'
import { LogRow } from './log-row.tsx'

/** Rows of the pane that are no log lines: its title. */
export const LOG_CHROME = 1

const TO_PEERS: Span = { text: say`Tab peers`, style: 'key' }

/** What happened, newest at the bottom. */
export function LogPane({ columns, rows, alone }: PaneProps): ReactNode {
  const { store } = useScreen().session
  useStore(() => store.log.version)
  const peers = useStore(() => store.swarm.peers)
  const choice = useStore(() => store.screen.log)
  const focused = useStore(() => store.screen.focus === 'log' && store.screen.overlays.length === 0)
  const glyphs = useGlyphs()
  const height = rows - LOG_CHROME
  const window = logWindow(store.log, choice, height)
  return (
    <Box flexDirection="column" width={columns} height={rows}>
      <PaneTitle
        title={say`Log`}
        notes={notes(window, choice.filter, choice.pausedAt !== undefined)}
        aside={[newer(window, glyphs), alone ? [TO_PEERS] : []]}
        focused={focused}
        columns={columns}
      />
      {window.places.length === 0 ? (
        <EmptyState sentences={nothing(choice.filter)} columns={columns} height={height} />
      ) : (
        window.places.map(place => {
          const entry = store.log.at(place)
          return entry === undefined ? null : (
            <LogRow
              key={place}
              entry={entry}
              name={nameOf(entry, peers)}
              columns={columns}
              mark={focused && place === window.cursor ? 'selected' : undefined}
            />
          )
        })
      )}
    </Box>
  )
}

/** The pet name of the peer that an entry is about. */
function nameOf(entry: LogEntry, peers: SwarmState['peers']): SafeText | undefined {
  const peerId = entry.kind === 'gap' ? undefined : peerOf(entry.event)
  return peerId === undefined ? undefined : peers.get(peerId)?.name
}

function notes({ total }: LogWindow, filter: string, paused: boolean): Span[] {
  return [
    { text: say`${total}`, style: 'dim' },
    ...(filter === '' ? [] : [{ text: say`/${safeText(filter)}`, style: 'match' } as const]),
    ...(paused ? [{ text: say`paused`, style: 'warn' } as const] : []),
  ]
}

function newer({ newer, following }: LogWindow, { descending }: Glyphs): Span[] {
  return following || newer === 0 ? [] : [{ text: say`${newer} new ${descending}`, style: 'accent' }]
}

function nothing(filter: string): SafeText[] {
  return filter === ''
    ? [say`Nothing has happened yet.`]
    : [say`No line matches /${safeText(filter)}`, say`Esc clears the filter.`]
}
