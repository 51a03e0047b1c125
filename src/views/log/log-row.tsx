import { memo, type ReactNode } from 'react'
import { describeBriefly } from '../../core/event-brief.ts'
import { withName } from '../../core/event-names.ts'
import { describeEvent, type Tone } from '../../core/event-text.ts'
import { formatTime } from '../../core/format.ts'
import { lossOf } from '../../core/lost-events.ts'
import { type SafeText, safeText, say } from '../../core/safe-text.ts'
import { pad } from '../../core/width.ts'
import type { LogEntry } from '../../store/event-log.ts'
import { ListRow, type RowMark } from '../../ui/list-row.tsx'
import type { Span } from '../../ui/spans.ts'
import type { StyleName } from '../../ui/theme.ts'

const KIND_COLUMNS = 6
/** From so many columns on, times show milliseconds. */
const WIDE = 70
/** Below so many columns, the kind is left out: the text says it too. */
const NARROW = 45
/** From so many columns on, there is room for every word. */
const WORDY = 120

const STYLES: Readonly<Record<Tone, StyleName>> = {
  plain: 'normal',
  good: 'good',
  warn: 'warn',
  bad: 'bad',
  dim: 'dim',
}

/** The entry that a line of the log shows, and the line's width. */
export interface LogRowProps {
  entry: LogEntry
  /** The pet name of the peer that it is about. */
  name: SafeText | undefined
  columns: number
  mark: RowMark
}

/** One line of the log. Events never change, so it is drawn again only when a peer is named. */
export const LogRow: (props: LogRowProps) => ReactNode = memo(function LogRow({
  entry,
  name,
  columns,
  mark,
}: LogRowProps): ReactNode {
  return <ListRow spans={logSpans(entry, name, columns)} columns={columns} mark={mark} />
})

/** Time, kind and text of a line; the kind carries the colour, and the text too where something went wrong. */
function logSpans(entry: LogEntry, name: SafeText | undefined, columns: number): Span[] {
  const { kind, tone, text, time } = told(entry, name, columns)
  const style = STYLES[tone]
  const loud = tone === 'bad' || tone === 'warn' || tone === 'dim'
  return [
    { text: say`${formatTime(time, columns >= WIDE)} `, style: 'dim' },
    ...(columns < NARROW ? [] : [{ text: say`${pad(kind, KIND_COLUMNS)} `, style }]),
    { text, style: loud ? style : 'normal' },
  ]
}

/** How many events are missing, why, and which. */
function gapText({ dropped, lost }: Extract<LogEntry, { kind: 'gap' }>): SafeText {
  const slow = { cause: say`they came faster than this screen could read`, hint: say`` }
  return say`${dropped} ${dropped === 1 ? say`event is` : say`events are`} missing here: ${lossOf(dropped, lost, slow).cause}`
}

function told(
  entry: LogEntry,
  name: SafeText | undefined,
  columns: number,
): { kind: SafeText; tone: Tone; text: SafeText; time: number } {
  if (entry.kind === 'gap') {
    return {
      kind: say`gap`,
      tone: 'warn',
      text: gapText(entry),
      time: entry.time,
    }
  }
  const { kind, tone, text } = columns < WORDY ? describeBriefly(entry.event) : describeEvent(entry.event)
  return { kind: safeText(kind), tone, text: withName(text, entry.event, name), time: entry.event.time }
}
