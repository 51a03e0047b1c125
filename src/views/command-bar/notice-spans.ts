import { formatMs } from '../../core/format.ts'
import { type SafeText, safeText, say } from '../../core/safe-text.ts'
import type { Notice, ScreenState } from '../../store/screen/screen-state.ts'
import type { SwarmState } from '../../store/swarm/state.ts'
import type { Span } from '../../ui/spans.ts'
import type { StyleName } from '../../ui/theme.ts'

const TONES: Readonly<Record<Notice['tone'], StyleName>> = {
  plain: 'normal',
  good: 'good',
  warn: 'warn',
  bad: 'bad',
}

/** A sign for each tone, so that it does not rest on colour. */
const SIGNS: Readonly<Record<Notice['tone'], SafeText>> = {
  plain: say` `,
  good: say` `,
  warn: say`! `,
  bad: say`! `,
}

/** The latest answer. */
export function noticeSpans(notice: Notice | undefined): Span[] {
  if (notice === undefined) return []
  const style = TONES[notice.tone]
  return [
    { text: SIGNS[notice.tone], style },
    { text: notice.text, style },
  ]
}

/** What to try after a failure, and the line that a key stood for; nothing when there is nothing to say. */
export function besideSpans(notice: Notice | undefined): Span[] {
  const { hint, line } = notice ?? {}
  return [
    ...(hint === undefined ? [] : [{ text: say`  ${hint}`, style: 'dim' } as const]),
    ...(line === undefined
      ? []
      : [{ text: say`${hint === undefined ? say`` : say`  `}:${line}`, style: 'dim' } as const]),
  ]
}

/** The newest command under way: how far its dial is and for how long, and how to end it. */
export function runningSpans(
  running: ScreenState['running'],
  dials: SwarmState['dials'],
  now: number,
): Span[] {
  const newest = running.at(-1)
  if (newest === undefined) return []
  const others = running.length > 1 ? say` and ${running.length - 1} more` : say``
  const dial = newest.dialId === undefined ? undefined : dials.get(newest.dialId)
  const stage = dial?.stages.at(-1)
  const progress: Span[] =
    dial === undefined || stage === undefined
      ? [{ text: say` …` }]
      : [
          { text: say`  ${safeText(stage.stage)} `, style: 'warn' },
          { text: formatMs(Math.max(stage.elapsedMs, now - dial.startedAt)) },
        ]
  return [{ text: say`:${newest.line}${others}` }, ...progress, { text: say`  Esc cancels`, style: 'dim' }]
}
