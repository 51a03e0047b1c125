import type { ReactNode } from 'react'
import type { SafeText } from '../core/safe-text.ts'
import { widthOf } from '../core/width.ts'
import { useGlyphs } from './glyphs.ts'
import { Line } from './line.tsx'
import type { Span } from './spans.ts'
import { cutSpans } from './table.ts'

/** What a title line says, and how wide it is. */
export interface PaneTitleProps {
  title: SafeText
  /** What there is to say of the pane, after its title. */
  notes?: readonly Span[]
  /** At the right end, each apart from the next; goes first where there is no room. */
  aside?: readonly (readonly Span[])[]
  focused: boolean
  columns: number
}

/** The line on top of a pane: a rule with the title in it, heavier where the keys go to. */
export function PaneTitle({ title, notes = [], aside = [], focused, columns }: PaneTitleProps): ReactNode {
  const glyphs = useGlyphs()
  const rule = focused ? glyphs.focusedRule : glyphs.rule
  const ruleStyle = focused ? 'accent' : 'dim'
  const head: Span[] = [
    { text: `${rule}${rule} ` as SafeText, style: ruleStyle },
    { text: title, style: focused ? 'accent' : 'heading' },
    ...notes.flatMap(note => [{ text: '  ' as SafeText }, note]),
    { text: ' ' as SafeText },
  ]
  const kept = cutSpans(head, columns)
  const used = widthOf(kept.map(span => span.text).join(''))
  const ends = aside
    .filter(spans => spans.length > 0)
    .flatMap((spans, place) => (place === 0 ? spans : [{ text: '  ' as SafeText }, ...spans]))
  const tailWidth = widthOf(ends.map(span => span.text).join('')) + 4
  const tail: Span[] =
    ends.length === 0 || used + tailWidth > columns
      ? []
      : [{ text: ' ' as SafeText }, ...ends, { text: ` ${rule}${rule}` as SafeText, style: ruleStyle }]
  const fill = columns - used - (tail.length === 0 ? 0 : tailWidth)
  return (
    <Line
      columns={columns}
      spans={[...kept, { text: rule.repeat(Math.max(0, fill)) as SafeText, style: ruleStyle }, ...tail]}
    />
  )
}
