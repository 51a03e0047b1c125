import { RequestFailed } from '../../core/failure.ts'
import { type SafeText, say } from '../../core/safe-text.ts'
import type { SwarmState } from '../../store/swarm/state.ts'
import type { Keeper } from '../plans/keeper.ts'
import { giveName } from '../plans/pet-names.ts'
import type { RequestHandlers } from '../port/local-port.ts'
import type { FakeNetwork } from './network.ts'

/** What plans are made with in the made-up network. */
export interface FakePlansParts {
  network: FakeNetwork
  /** Reads a Peer ID. @throws {RequestFailed} at stage `target` */
  checked(peerId: string): SafeText
  state(): SwarmState
  keeper: Keeper
}

/** Names, kept connections and what is forgotten, by the real rules; nothing outlives the run. */
export function fakePlans({
  network,
  checked,
  state,
  keeper,
}: FakePlansParts): Pick<RequestHandlers, 'name' | 'keep' | 'forget'> {
  return {
    name: ({ peerId, name }, { requestId }) => {
      const hub = { emit: network.emit, state: state() }
      return giveName({ hub, keepName: async () => {} }, { peerId: checked(peerId), words: name }, requestId)
    },

    keep: ({ peerId: words, on }, { requestId }) => {
      const peerId = checked(words)
      if (on) keeper.keep(peerId, requestId)
      else keeper.letGo(peerId, say`You let it go`, requestId)
      return { peerId, kept: on }
    },

    forget: ({ peerId: words }, { requestId }) => {
      const peerId = checked(words)
      const peer = state().peers.get(peerId)
      if (peer === undefined)
        throw failure(say`Nothing is known of ${peerId}`, say`Only peers in the list can be forgotten`)
      if (peer.connectionIds.length > 0) {
        throw failure(
          say`It is connected: it would be known again at once`,
          say`Hang up first, then forget it`,
        )
      }
      keeper.letGo(peerId, say`You forgot it`, requestId)
      network.emit({ type: 'peer:forgotten', requestId, peerId, asked: true })
      return { peerId }
    },
  }
}

function failure(cause: SafeText, hint: SafeText): RequestFailed {
  return new RequestFailed({ stage: 'target', cause, hint })
}
