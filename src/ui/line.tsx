import { Text } from 'ink'
import type { ReactNode } from 'react'
import { fitSpans, type Span } from './spans.ts'
import { type TextStyle, type Theme, useTheme } from './theme.ts'

/** What a row shows, how wide it is, and in what style. */
export interface LineProps {
  spans: readonly Span[]
  /** The row is exactly so wide: longer text ends in an ellipsis, shorter text in blanks. */
  columns: number
  /** Style of the whole row, its blanks included; the spans' own styles come on top. */
  style?: Span['style']
}

/**
 * One row of the screen, and the only way for text to get there: it takes SafeText. One Ink text node a row, which is
 * the cheapest that Ink can draw.
 */
export function Line({ spans, columns, style }: LineProps): ReactNode {
  const theme = useTheme()
  return (
    // Ink truncates only what it takes to be wider than we do; wrapping would push the rows below off the screen.
    <Text wrap="truncate-end" {...styleOf(theme, style)}>
      {fitSpans(spans, columns).map((span, place) => piece(theme, span, place))}
    </Text>
  )
}

function piece(theme: Theme, span: Span, place: number): ReactNode {
  const style = styleOf(theme, span.style)
  return style === undefined ? (
    span.text
  ) : (
    <Text key={place} {...style}>
      {span.text}
    </Text>
  )
}

function styleOf(theme: Theme, style: Span['style']): TextStyle | undefined {
  if (style === undefined || style === 'normal') return undefined
  if (typeof style === 'string') return theme[style]
  return Object.assign({}, ...style.map(name => theme[name]))
}
