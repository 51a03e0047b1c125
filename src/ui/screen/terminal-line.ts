import type { Cancel } from '../../core/clock.ts'

/**
 * The way to a terminal, which may be slow, stuck, or the far end of an SSH line. Nothing here ever waits: whoever draws
 * asks whether the line is free, leaves frames out while it is not, and draws the newest one when it is again.
 */
export interface TerminalLine {
  /** The terminal's size as it is now. */
  readonly columns: number
  readonly rows: number
  /** False while what was sent is still on its way: a frame sent now would be seen too late. */
  readonly free: boolean
  /** True once the terminal has said that it shows what stands between two marks at once (mode 2026). */
  readonly synchronised: boolean
  /**
   * Sends bytes, in order. Never blocks, also where the line is not free: then they wait in memory, so that only what
   * cannot be left out (giving the terminal back, a clipboard's text) may be sent.
   */
  send(bytes: string): void
  /** Calls `listener` each time the line becomes free after it was not. */
  onFree(listener: () => void): Cancel
  /** Calls `listener` after the terminal's size has changed. */
  onResize(listener: () => void): Cancel
}
