import type { SafeText } from '../../core/safe-text.ts'

/** Terminals drop a longer sequence whole; this is below the least limit in use (74,994 bytes of base64). */
const MOST_BYTES = 50_000

/**
 * What asks a terminal to put text on the clipboard of the machine that it runs on, also over SSH (OSC 52 of xterm's
 * control sequences). Inside tmux the question is asked twice: of tmux itself (`set-clipboard on`), and through it of
 * the terminal outside (`allow-passthrough on`). Undefined when the text is too long.
 */
export function clipboardSequence(text: SafeText, insideTmux: boolean): string | undefined {
  const bytes = Buffer.from(text, 'utf8')
  if (bytes.length > MOST_BYTES) return undefined
  const sequence = `\x1b]52;c;${bytes.toString('base64')}\x07`
  if (!insideTmux) return sequence
  return `${sequence}\x1bPtmux;${sequence.replaceAll('\x1b', '\x1b\x1b')}\x1b\\`
}
