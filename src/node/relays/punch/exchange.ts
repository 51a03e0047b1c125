/** The two sides of DCUtR's exchange over the relayed connection: addresses there, addresses back, now. */
import type { Connection, Stream } from '@libp2p/interface'
import { lpStream } from '@libp2p/utils'
import type { Multiaddr } from '@multiformats/multiaddr'
import type { Clock } from '../../../core/clock.ts'
import { seen } from '../../errors/seen.ts'
import { decodeMessage, encodeMessage, MAX_MESSAGE_BYTES, type MessageType } from './message.ts'
import { publicAddresses } from './public-addresses.ts'
import { PunchError } from './punch-error.ts'

/** Protocol id of DCUtR: https://github.com/libp2p/specs/blob/master/relay/DCUtR.md */
export const DCUTR = '/libp2p/dcutr'

/**
 * The side that was dialed over the relay asks: sends our addresses, takes theirs, and says when.
 *
 * @returns their public addresses, and how long the round trip over the relay took: half of it from now the other side
 * dials
 * @throws {PunchError} what an answer lacks, and what libp2p throws for a stream that does not open
 */
export async function ask(
  relayed: Connection,
  ours: readonly Multiaddr[],
  { signal, clock }: { signal: AbortSignal; clock: Clock },
): Promise<{ theirs: Multiaddr[]; rttMs: number }> {
  const stream = await relayed.newStream(DCUTR, { signal, runOnLimitedConnection: true }).catch(error => {
    if (seen(error).name !== 'UnsupportedProtocolError') throw error
    throw mute()
  })
  try {
    const talk = new Talk(stream, signal)
    const since = clock.monotonic()
    await talk.send('CONNECT', ours)
    const theirs = await talk.receive('CONNECT')
    const rttMs = clock.monotonic() - since
    await talk.send('SYNC', [])
    await stream.close({ signal })
    return { theirs, rttMs }
  } catch (error) {
    stream.abort(error as Error)
    throw error
  }
}

/**
 * The side that has dialed over the relay answers: takes their addresses, sends ours, and waits for the word.
 *
 * @returns their public addresses, at the moment at which they are to be dialed
 * @throws {PunchError} for messages that are none
 */
export async function answer(
  stream: Stream,
  ours: () => readonly Multiaddr[],
  signal: AbortSignal,
): Promise<Multiaddr[]> {
  try {
    // Read from before anything else: bytes that nobody reads may get lost.
    const talk = new Talk(stream, signal)
    const theirs = await talk.receive('CONNECT')
    await talk.send('CONNECT', ours())
    await talk.receive('SYNC')
    await stream.close({ signal })
    return theirs
  } catch (error) {
    stream.abort(error as Error)
    throw error
  }
}

/** There is nobody to exchange anything with. */
export function mute(): PunchError {
  return new PunchError('mute', 'the other side does not speak DCUtR')
}

/** Messages on one stream. */
class Talk {
  readonly #signal: AbortSignal
  readonly #messages: ReturnType<typeof lpStream<Stream>>

  constructor(stream: Stream, signal: AbortSignal) {
    this.#signal = signal
    this.#messages = lpStream(stream, { maxDataLength: MAX_MESSAGE_BYTES })
  }

  send(type: MessageType, addresses: readonly Multiaddr[]): Promise<void> {
    const observedAddresses = addresses.map(({ bytes }) => bytes)
    return this.#messages.write(encodeMessage({ type, observedAddresses }), { signal: this.#signal })
  }

  async receive(wanted: MessageType): Promise<Multiaddr[]> {
    const bytes = await this.#messages.read({ signal: this.#signal })
    const { type, observedAddresses } = decodeMessage(bytes.subarray())
    if (type !== wanted) throw new PunchError('garbled', `${type} came where ${wanted} was due`)
    return publicAddresses(observedAddresses)
  }
}
