/** What a hole punch can fail from, beside what dials fail from. */
export type PunchFault =
  /** The other side does not speak DCUtR. */
  | 'mute'
  /** It speaks DCUtR, was the one to begin, and has not. */
  | 'not-tried'
  /** What it sent is no message of DCUtR, or not the one whose turn it was. */
  | 'garbled'
  /** Nobody outside has told us where it sees us. */
  | 'ours-unknown'
  /** The other side has named no public address. */
  | 'theirs-unknown'
  /** We could dial, and nothing came through. */
  | 'no-answer'
  /** Like `no-answer`, and our router is seen to give connections another port than they come from. */
  | 'port-changed'
  /** Like `no-answer`, and our router is seen to give each connection a port of its own. */
  | 'ports-vary'
  /** A router or firewall answered that nobody is there. */
  | 'refused'
  /** The relayed connection ended before there was a direct one. */
  | 'relay-ended'

/** Why there is no hole. */
export class PunchError extends Error {
  override readonly name = 'PunchError'
  readonly code: PunchFault

  constructor(code: PunchFault, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}
