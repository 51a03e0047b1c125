import type { AbortOptions, MessageStream } from '@libp2p/interface'

/**
 * Makes the close of a raw connection close what is inside of it first. libp2p closes the raw one alone: what TLS has not
 * encrypted yet is lost then, the goodbyes of yamux and of TLS itself among it, and the other side takes the end for a
 * connection that was cut.
 *
 * @param raw the connection that the transport made
 * @param inside the same, encrypted; it closes `raw` at its end
 */
export function closeInsideOut(raw: MessageStream, inside: MessageStream): void {
  const close = raw.close.bind(raw)
  let begun = false
  raw.close = async (options?: AbortOptions) => {
    if (!begun) {
      begun = true
      await inside.close(options).catch(() => {})
    }
    await close(options)
  }
}
