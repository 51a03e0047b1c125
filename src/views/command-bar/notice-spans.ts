import { type SafeText, say } from '../../core/safe-text.ts'
import type { Notice, ScreenState } from '../../store/screen/screen-state.ts'
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

/** What is under way, or what to try after a failure; nothing when there is nothing to say. */
export function besideSpans({ notice, running }: ScreenState): Span[] {
  const newest = running.at(-1)
  if (newest !== undefined) {
    const others = running.length > 1 ? say` and ${running.length - 1} more` : say``
    return [{ text: say` ${newest.line}${others} …` }, { text: say`  Esc cancels`, style: 'dim' }]
  }
  return notice?.hint === undefined ? [] : [{ text: say`  ${notice.hint}`, style: 'dim' }]
}
