/**
 * How things look: named roles, never colours, are what views ask for.
 *
 * Colours are the terminal's own 16, so that they suit its background, light or dark; no role is black or white.
 * Meaning never rests on a colour alone: views mark it by a sign or a word too.
 */
import { createContext, use } from 'react'

export type StyleName =
  | 'normal'
  /** Less important than what is beside it. */
  | 'dim'
  | 'strong'
  /** Draws the eye: the focused pane's title, the prompt. */
  | 'accent'
  | 'good'
  | 'warn'
  | 'bad'
  /** Titles of panes and columns. */
  | 'heading'
  /** A key that can be pressed. */
  | 'key'
  /** The row that the next key acts on. */
  | 'selected'
  /** The selected row of a pane without focus. */
  | 'selectedIdle'
  /** The part of a text that matched a filter. */
  | 'match'

/** What Ink's <Text> is given for a role. */
export interface TextStyle {
  color?: 'red' | 'green' | 'yellow' | 'blue' | 'magenta' | 'cyan'
  bold?: boolean
  dimColor?: boolean
  inverse?: boolean
  underline?: boolean
}

export type Theme = Readonly<Record<StyleName, Readonly<TextStyle>>>

export const colourTheme: Theme = {
  normal: {},
  dim: { dimColor: true },
  strong: { bold: true },
  accent: { color: 'cyan', bold: true },
  good: { color: 'green' },
  warn: { color: 'yellow' },
  bad: { color: 'red' },
  heading: { bold: true },
  key: { color: 'cyan' },
  selected: { inverse: true },
  selectedIdle: { underline: true },
  match: { color: 'magenta', underline: true },
}

/** Without colours (NO_COLOR, https://no-color.org): weight and inversion remain. */
export const monochromeTheme: Theme = {
  normal: {},
  dim: { dimColor: true },
  strong: { bold: true },
  accent: { bold: true },
  good: {},
  warn: { bold: true },
  bad: { bold: true },
  heading: { bold: true },
  key: { bold: true },
  selected: { inverse: true },
  selectedIdle: { underline: true },
  match: { underline: true },
}

const ThemeContext = createContext<Theme>(colourTheme)

/** Wrap the app in it: `<ThemeProvider value={monochromeTheme}>`. Without one, {@link colourTheme} holds. */
export const ThemeProvider = ThemeContext.Provider

/** The theme in force. */
export function useTheme(): Theme {
  return use(ThemeContext)
}
