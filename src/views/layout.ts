/** Which part of the screen shows what, from its size alone. Pure. */
import type { Pane } from '../store/screen/screen-state.ts'

/** The smallest screen that is of use. */
export const SMALLEST = { columns: 40, rows: 10 } as const

/** From so many columns on, the panes stand side by side. */
const SIDE_BY_SIDE = 100
/** What the peers get at the least beside the log; of each further column they get two thirds, for more to show. */
const LEAST_PEERS = 56
/** From so many body rows on, they fit one above the other. */
const STACKED = 15
/** From so many rows on there is a line of its own for answers, beside the command bar, and a second one for warnings. */
const ROOMY = 14
/** From so many rows on, two warnings with what to do about them leave both panes their place. */
const TALL = 24

/** A size on the screen, in cells. */
export interface Rect {
  columns: number
  rows: number
}

/** A pane's place. */
export interface PaneProps extends Rect {
  /** There is no room for the other pane: the title says how to get there. */
  alone: boolean
}

/** How the screen is divided up. All sizes are in cells. */
export interface Layout {
  kind: 'side-by-side' | 'stacked' | 'single' | 'too-small'
  /** The panes that are shown. */
  panes: Partial<Record<Pane, Rect>>
  /** All that the panes share, for what lies over them. */
  body: Rect
  /** Lines for warnings, below the status line. */
  warningRows: number
  /** Lines for answers, above the command bar. */
  noticeRows: 0 | 1
}

/** What the layout depends on beside the size of the screen. */
export interface LayoutOptions {
  /** The pane to show where only one fits. */
  focus: Pane
  /** How many rows the warnings would take. */
  warnings: number
}

/**
 * The layout of a screen. Top to bottom: the status line, warnings, the panes, answers, the command bar, the keys.
 * Side by side the log is on the right, where lines that change often cost least to draw.
 */
export function layoutFor(columns: number, rows: number, { focus, warnings }: LayoutOptions): Layout {
  const noticeRows = rows >= ROOMY ? 1 : 0
  const warningRows = Math.min(warnings, rows >= TALL ? 4 : rows >= ROOMY ? 2 : 1)
  const body = { columns, rows: rows - 3 - noticeRows - warningRows }
  const common = { body, warningRows, noticeRows } as const
  if (columns < SMALLEST.columns || rows < SMALLEST.rows) return { kind: 'too-small', panes: {}, ...common }
  if (columns >= SIDE_BY_SIDE) {
    const peers = Math.max(LEAST_PEERS, Math.round(columns * 0.67 - 8))
    return {
      kind: 'side-by-side',
      panes: {
        peers: { columns: peers, rows: body.rows },
        log: { columns: columns - 1 - peers, rows: body.rows },
      },
      ...common,
    }
  }
  if (body.rows >= STACKED) {
    const peers = Math.ceil(body.rows / 2)
    return {
      kind: 'stacked',
      panes: { peers: { columns, rows: peers }, log: { columns, rows: body.rows - peers } },
      ...common,
    }
  }
  return { kind: 'single', panes: { [focus]: body }, ...common }
}
