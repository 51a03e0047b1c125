import type { MultiaddrConnection } from '@libp2p/interface'

/**
 * Makes a raw connection hand each message to its socket in one piece.
 *
 * Noise makes two of it, the length and the ciphertext, and the socket sends each at once and by itself: twice as many
 * system calls, packets, and times that the other side wakes up. On the wire are the same bytes in the same order.
 */
export function writeWhole(connection: Pick<MultiaddrConnection, 'send'>): void {
  const send = connection.send.bind(connection)
  connection.send = data => send(data instanceof Uint8Array ? data : data.subarray())
}
