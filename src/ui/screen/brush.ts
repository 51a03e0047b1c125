import { isWidthCertain } from './certain-width.ts'
import { csi, move, type Place } from './moves.ts'
import type { Scroll } from './scroll.ts'
import { PLAIN, type Style, styleChange, styleOfBlank } from './style.ts'

/** Collects the bytes that change a terminal, and knows where its cursor stands and in which style it writes. */
export class Brush {
  readonly #columns: number
  #bytes = ''
  /** Undefined when nobody knows. */
  #at: Place | undefined
  #style: Style | undefined

  constructor(columns: number) {
    this.#columns = columns
  }

  /** Characters collected so far. */
  get length(): number {
    return this.#bytes.length
  }

  /** What has been collected since the last time. */
  take(): string {
    const bytes = this.#bytes
    this.#bytes = ''
    return bytes
  }

  /** The column in which the cursor stands if it stands in this row, else undefined. */
  columnIn(y: number): number | undefined {
    return this.#at?.y === y ? this.#at.x : undefined
  }

  /** A brush that goes on from here, to try something out; {@link join} makes it true. */
  fork(): Brush {
    const other = new Brush(this.#columns)
    other.#at = this.#at
    other.#style = this.#style
    return other
  }

  join(other: Brush): void {
    this.#bytes += other.#bytes
    this.#at = other.#at
    this.#style = other.#style
  }

  /** Bytes that neither move the cursor nor change the style. */
  add(bytes: string): void {
    this.#bytes += bytes
  }

  moveTo(x: number, y: number): void {
    this.#bytes += move(this.#at, { x, y }, this.#columns)
    this.#at = { x, y }
  }

  /** Writes a character of so many columns. */
  print(text: string, style: Style, width: number): void {
    this.setStyleFor(text, style)
    this.#bytes += text
    if (this.#at === undefined) return
    this.#at = isWidthCertain(text) ? { x: this.#at.x + width, y: this.#at.y } : undefined
  }

  /** Takes up the style for a character. A blank may be written in any that looks the same on it. */
  setStyleFor(text: string, style: Style): void {
    const looksRight =
      text === ' ' && this.#style !== undefined && styleOfBlank(this.#style) === styleOfBlank(style)
    if (!looksRight) this.setStyle(style)
  }

  setStyle(style: Style): void {
    if (this.#style === undefined) this.#bytes += `\x1b[m${styleChange(PLAIN, style)}`
    else this.#bytes += styleChange(this.#style, style)
    this.#style = style
  }

  /**
   * Makes `count` cells plain blanks by erasing them (EL, ECH), which does not move the cursor, where that is shorter
   * than writing blanks. Says whether it did.
   */
  erase(at: Place, count: number, { toEnd, goesOn }: { toEnd: boolean; goesOn: boolean }): boolean {
    const rubber = this.fork()
    rubber.moveTo(at.x, at.y)
    rubber.#eraseInPlain()
    rubber.#bytes += toEnd ? '\x1b[K' : csi(count, 'X')
    const pencil = this.fork()
    pencil.moveTo(at.x, at.y)
    for (let blank = 0; blank < count; blank += 1) pencil.print(' ', PLAIN, 1)
    // Whoever goes on behind erased cells has to move there.
    const moveOn = goesOn ? csi(count, 'C').length : 0
    if (rubber.length + moveOn >= pencil.length) return false
    this.join(rubber)
    return true
  }

  /** Makes the terminal move rows by itself (DECSTBM, and DL or IL, which every terminal since the VT102 has). */
  scroll({ top, bottom, by }: Scroll): void {
    this.#eraseInPlain()
    this.#bytes += `\x1b[${top + 1};${bottom + 1}r${move(undefined, { x: 0, y: top }, this.#columns)}`
    this.#bytes += `${csi(Math.abs(by), by > 0 ? 'M' : 'L')}\x1b[r`
    this.#at = undefined
  }

  /** Terminals erase with the background in force, and some with more of the style than that. */
  #eraseInPlain(): void {
    if (this.#style === undefined || styleOfBlank(this.#style) !== PLAIN) this.setStyle(PLAIN)
  }
}
