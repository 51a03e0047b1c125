import { type Failure, RequestFailed } from '../../core/failure.ts'
import { type SafeText, safeText, say } from '../../core/safe-text.ts'
import type { SwarmState } from '../../store/swarm/state.ts'
import { noSuchConnection } from '../close-connection.ts'
import type { Keeper } from '../plans/keeper.ts'
import type { RequestHandlers } from '../port/local-port.ts'
import { noDht } from '../routing/failures.ts'
import type { FakeAccounts } from './accounts.ts'
import type { FakePeer } from './cast.ts'
import type { FakeDht } from './dht/fake-dht.ts'
import type { FakeDialer } from './dialer.ts'
import type { FakeListening } from './listening.ts'
import type { FakeNetwork } from './network.ts'
import { looksLikePeerId } from './peer-id.ts'
import type { FakePings } from './pings.ts'
import { fakePlans } from './plans.ts'
import { fakeReservations } from './reservations.ts'

interface Parts {
  network: FakeNetwork
  listening: FakeListening
  pings: FakePings
  dialer: FakeDialer
  keeper: Keeper
  /** Absent: nobody here takes part in one. */
  dht: FakeDht | undefined
  accounts: FakeAccounts
  state(): SwarmState
}

/** What the fake node does when it is asked for something. */
export function fakeHandlers({
  network,
  listening,
  pings,
  dialer,
  keeper,
  dht,
  accounts,
  state,
}: Parts): RequestHandlers {
  return {
    ...fakeReservations(network, dialer),
    ...fakePlans({ network, checked, state, keeper }),

    dial: ({ target }, { signal, requestId }) => dialer.dialed(target, signal, requestId),

    ping: ({ peerId }, { signal, requestId }) =>
      new Promise((resolve, reject) => {
        const peer = connectedPeer(network, peerId)
        const cancel = pings.ping(
          peer,
          pong => (pong === undefined ? reject(new RequestFailed(NO_PONG)) : resolve(pong)),
          requestId,
        )
        signal.addEventListener('abort', cancel, { once: true })
      }),

    keepPinging: ({ peerId, on }, { requestId }) => {
      pings.keep(on ? connectedPeer(network, peerId) : knownPeer(network, peerId), on, requestId)
      return { running: on }
    },

    hangUp: ({ peerId }, { requestId }) => {
      const wasKept = keeper.letGo(safeText(peerId), say`You hung up`, requestId)
      if (wasKept && state().peers.get(peerId)?.presence !== 'connected') return { closed: 0 }
      const peer = connectedPeer(network, peerId)
      const connections = network.connectionsOf(peer)
      pings.keep(peer, false, requestId)
      for (const connection of connections) network.close(connection, say`Hung up`, requestId)
      return { closed: connections.length }
    },

    closeConnection: ({ connectionId: id }, { requestId }) => {
      const connection = network.connections.get(safeText(id))
      if (connection === undefined) throw noSuchConnection()
      const { peer, connectionId } = connection
      network.close(connection, say`You closed it`, requestId)
      return { peerId: peer.peerId, connectionId, others: network.connectionsOf(peer).length }
    },

    accounts: () => ({ accounts: accounts.largest() }),

    listen: ({ address }, { requestId }) => {
      const opened = listening.listen(address, requestId)
      if ('failure' in opened) throw new RequestFailed(opened.failure)
      return { addresses: opened }
    },

    query: (params, context) => {
      if (dht === undefined) throw noDht
      return dht.query(params, context)
    },
    withdraw: ({ cid }) => {
      if (dht === undefined) throw noDht
      return dht.withdraw(cid)
    },

    unlisten: ({ address }, { requestId }) => {
      const closed = listening.unlisten(address, requestId)
      if ('failure' in closed) throw new RequestFailed(closed.failure)
      return { addresses: closed }
    },
  }
}

function connectedPeer(network: FakeNetwork, peerId: string): FakePeer {
  const peer = knownPeer(network, peerId)
  if (network.connectionsOf(peer).length === 0) throw new RequestFailed(NOT_CONNECTED)
  return peer
}

function knownPeer(network: FakeNetwork, peerId: string): FakePeer {
  const peer = network.peer(checked(peerId))
  if (peer === undefined) throw new RequestFailed(NOT_CONNECTED)
  return peer
}

function checked(peerId: string): SafeText {
  const text = safeText(peerId)
  if (looksLikePeerId(text)) return text
  throw new RequestFailed({
    stage: 'target',
    cause: say`${text} is not a Peer ID`,
    hint: say`Copy the whole of it: 12D3KooW... or Qm...`,
  })
}

const NOT_CONNECTED: Failure = {
  stage: 'target',
  cause: say`There is no connection to this peer`,
  hint: say`Dial it first`,
}
const NO_PONG: Failure = {
  stage: 'exchange',
  cause: say`It did not answer in time`,
  hint: say`Try again; it may be busy`,
}
