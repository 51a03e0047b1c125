import type { SafeText } from './safe-text.ts'

/** A protocol id without the folder that most of libp2p's own are in: `/ipfs/ping/1.0.0` is `ping/1.0.0`. */
export function shortProtocol(protocol: SafeText): SafeText {
  return protocol.replace(/^\/(ipfs|libp2p)\/(?=.)/, '') as SafeText
}
