/** Which rows of a long list are on screen. Pure. */

/** Rows that stay in view above and below the selected one, where the list has them. */
const MARGIN = 2

/** The size of a list and of its part on screen, in rows. */
export interface ListWindow {
  /** How many rows the list has. */
  length: number
  /** How many of them fit on screen. */
  rows: number
}

/** The nearest valid index of the first row shown: no blank rows at the end while there are rows to show. */
export function clampTop(top: number, { length, rows }: ListWindow): number {
  return Math.max(0, Math.min(top, length - rows))
}

/** The top, moved no further than needed to have row `selected` and a margin around it in view. */
export function topFor(selected: number, top: number, window: ListWindow): number {
  const margin = Math.max(0, Math.min(MARGIN, Math.floor((window.rows - 1) / 2)))
  const highest = selected - margin
  const lowest = selected + margin - window.rows + 1
  return clampTop(Math.max(lowest, Math.min(top, highest)), window)
}

/** How a key moves through a list. */
export const MOVES = ['up', 'down', 'pageUp', 'pageDown', 'first', 'last'] as const
/** One of {@link MOVES}. */
export type Move = (typeof MOVES)[number]

/** By how many rows a move goes, for a page of `rows` rows. A page keeps one row in view, for the eye to hold on to. */
export function stepOf(move: Move, rows: number): number {
  const page = Math.max(1, rows - 1)
  switch (move) {
    case 'up':
      return -1
    case 'down':
      return 1
    case 'pageUp':
      return -page
    case 'pageDown':
      return page
    case 'first':
      return Number.NEGATIVE_INFINITY
    case 'last':
      return Number.POSITIVE_INFINITY
  }
}

/** The index after a move, within the list; 0 for an empty one. */
export function moved(index: number, move: Move, { length, rows }: ListWindow): number {
  return Math.max(0, Math.min(index + stepOf(move, rows), length - 1))
}
