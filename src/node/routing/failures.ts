/** Why something could not be asked of the DHT, or was not found there. */
import { type Failure, RequestFailed, type Stage } from '../../core/failure.ts'
import { type SafeText, safeText, say } from '../../core/safe-text.ts'
import { MAX_VALUE_BYTES, MOST_PROVIDED } from './limits.ts'

/** There is no DHT. */
export const noDht = failure(
  'request',
  say`This node has no DHT`,
  say`Start it with --dht lan, --dht public or --dht /your/protocol`,
)

/** Not one of those that there are. */
export const noSuchQuery = failure(
  'target',
  say`There is no such query`,
  say`Ask for find, closest, provide, providers, put or get`,
)

/** Nobody to ask. */
export const noPeers = failure(
  'request',
  say`No peer of this DHT is connected`,
  say`Dial one that serves the DHT, or start with --bootstrap <multiaddr>`,
)

/** Those that were asked did not answer. */
export const nobodyAnswered = failure(
  'exchange',
  say`No peer of the DHT answered`,
  say`The log says why for each; dial another one that serves the DHT, then ask again`,
)

/** Nobody answered with what was looked for. */
export const unknownPeer = failure(
  'resolve',
  say`Nobody in the DHT knows where this peer is`,
  say`It may be offline or in another DHT. If you have an address of it, dial that`,
)
export const noProviders = failure(
  'resolve',
  say`Nobody in the DHT provides it`,
  say`Provider records end after two days; whoever has it must provide it again`,
)
export const keyNotFound = failure(
  'resolve',
  say`The key was not found in the DHT`,
  say`Keys are told apart by case; put stores one`,
)
export const nobodyTookIt = failure(
  'exchange',
  say`No peer of the DHT took it`,
  say`The peers that were asked may be clients only; see who answered in the log`,
)

/** Providing goes on until it is withdrawn. */
export const tooManyProvided = failure(
  'request',
  say`This node provides ${MOST_PROVIDED} things already`,
  say`Withdraw one of them first: providing lists them`,
)
export const notProvided = failure(
  'target',
  say`This node does not provide that`,
  say`providing lists what it does`,
)

/** A query that only a node with an address can make. */
export const noOwnAddress = failure(
  'request',
  say`This node has no address at which others could get it`,
  say`Listen on one first: listen /ip4/0.0.0.0/tcp/0`,
)

export const tooLong = failure(
  'target',
  say`The value is longer than ${MAX_VALUE_BYTES} bytes`,
  say`Put a shorter one; for more, provide it and put its CID`,
)
export const noValue = failure('target', say`There is nothing to put`, say`put <key> <value>`)

export const publicKeysOnly = failure(
  'target',
  say`The public DHT keeps no records like this one`,
  say`It takes public keys (get /pk/<peer id>) and signed names only; other records need a DHT of your own: --dht lan or --dht /your/protocol`,
)

export function notCid(words: string): RequestFailed {
  return failure(
    'target',
    say`${shown(words)} is not a CID`,
    say`Copy the whole of it: bafk..., bafy... or Qm...; provide <text> makes one of a text`,
  )
}

export function notPeerId(words: string): RequestFailed {
  return failure(
    'target',
    say`${shown(words)} is not a Peer ID`,
    say`Copy the whole of it: 12D3KooW... or Qm...`,
  )
}

export function badKey(words: string): RequestFailed {
  return failure(
    'target',
    say`${shown(words)} is not a key that this DHT keeps`,
    say`Write a word, or /app/<word>, or /pk/<peer id>`,
  )
}

function shown(words: string): SafeText {
  return words.trim() === '' ? say`Nothing` : safeText(words)
}

function failure(stage: Stage, cause: SafeText, hint: SafeText): RequestFailed {
  return new RequestFailed({ stage, cause, hint } satisfies Failure)
}
