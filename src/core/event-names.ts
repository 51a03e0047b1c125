import type { NodeEvent } from './events.ts'
import { shortPeerId } from './format.ts'
import { type SafeText, say } from './safe-text.ts'

/** The peer that an event is about, if it is about one. */
export function peerOf(event: NodeEvent): SafeText | undefined {
  return 'peerId' in event ? event.peerId : undefined
}

/**
 * What an event says, with the pet name of its peer where the text has the end of the Peer ID. Events know no names:
 * these come and go, and what has happened is shown with the name of now.
 */
export function withName(text: SafeText, event: NodeEvent, name: SafeText | undefined): SafeText {
  const peerId = peerOf(event)
  // Who is called what must say both.
  if (name === undefined || peerId === undefined) return text
  if (event.type === 'name:given' || event.type === 'name:taken') return text
  const short = shortPeerId(peerId)
  const [before = text, ...rest] = text.split(short) as SafeText[]
  return rest.length === 0 ? text : say`${before}${name}${rest.join(short) as SafeText}`
}
