import type { TerminalLine } from '../../../src/ui/screen/terminal-line.ts'

/** A line that a test makes free and not free, and that keeps what is sent over it until it is taken. */
export class SwitchedLine implements TerminalLine {
  columns: number
  rows: number
  readonly synchronised: boolean
  /** Each call of {@link send}, in order. */
  sent: string[] = []
  #free = true
  readonly #onFree: (() => void)[] = []
  readonly #onResize: (() => void)[] = []

  constructor(columns: number, rows: number, { synchronised = false } = {}) {
    this.columns = columns
    this.rows = rows
    this.synchronised = synchronised
  }

  get free(): boolean {
    return this.#free
  }

  set free(free: boolean) {
    const was = this.#free
    this.#free = free
    if (free && !was) for (const listener of this.#onFree) listener()
  }

  send(bytes: string): void {
    this.sent.push(bytes)
  }

  /** What has been sent since the last time, as one text. */
  take(): string {
    return this.sent.splice(0).join('')
  }

  onFree(listener: () => void): () => void {
    this.#onFree.push(listener)
    return () => undefined
  }

  onResize(listener: () => void): () => void {
    this.#onResize.push(listener)
    return () => undefined
  }

  resize(columns: number, rows: number): void {
    this.columns = columns
    this.rows = rows
    for (const listener of this.#onResize) listener()
  }
}
