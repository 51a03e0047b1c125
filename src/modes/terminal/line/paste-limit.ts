/** How a terminal begins and ends what is pasted (bracketed paste, XTerm's mode 2004). */
const BEGIN = '\u001b[200~'
const END = '\u001b[201~'
/** More of one paste is thrown away, in UTF-16 units: far more than a line takes, so that it is seen to be cut. */
export const MAX_PASTE = 64 * 1024

/**
 * Cuts pastes that are too long. Ink keeps all of one until its end comes, and looks through all of it with each read:
 * 20 MB by mistake would stop the screen for minutes.
 */
export class PasteLimit {
  /** What may still pass of the paste that goes on; undefined outside of one. */
  #left: number | undefined
  /** The end of what came before: a mark may come in two pieces. */
  #tail = ''

  /** What of the next piece is to be read. */
  pass(piece: string): string {
    let passed = ''
    let rest = piece
    while (rest !== '') {
      const mark = this.#left === undefined ? BEGIN : END
      const known = this.#tail.length
      const at = (this.#tail + rest).indexOf(mark)
      // Where the mark ends in what has just come.
      const end = at === -1 ? rest.length : at + mark.length - known
      const part = rest.slice(0, end)
      if (this.#left === undefined) passed += part
      else {
        const begins = at === -1 ? part.length : Math.max(0, at - known)
        const content = part.slice(0, Math.min(begins, this.#left))
        const cut = this.#left < begins || this.#left === 0
        this.#left -= content.length
        // Of a mark whose beginning was thrown away all is needed.
        passed += content + (at === -1 ? '' : cut ? END : part.slice(begins))
      }
      rest = rest.slice(end)
      if (at === -1) this.#tail = (this.#tail + part).slice(1 - mark.length)
      else {
        this.#left = this.#left === undefined ? MAX_PASTE : undefined
        this.#tail = ''
      }
    }
    return passed
  }
}
