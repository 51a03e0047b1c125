/** The whole app in a terminal, fed by events that a test makes up, over a port that writes down what is asked of it. */
import { App } from '../../src/app.tsx'
import type { NewEvent, NodeEvent } from '../../src/core/events.ts'
import { type Failure, RequestFailed } from '../../src/core/failure.ts'
import type { NodePort } from '../../src/core/port.ts'
import type { Params, RequestKind, RequestOptions, Result } from '../../src/core/requests.ts'
import { type SafeText, safeText, say } from '../../src/core/safe-text.ts'
import { Store } from '../../src/store/store.ts'
import { colourTheme, type Theme } from '../../src/ui/theme.ts'
import { Session, type SessionOptions } from '../../src/views/session/session.ts'
import { ManualClock } from './manual-clock.ts'
import { renderInTerminal, type TerminalOptions, type TestTerminal } from './terminal.tsx'

/** A request that waits for the test to answer it. */
interface Asked {
  kind: RequestKind
  params: Params<RequestKind>
  signal: AbortSignal | undefined
  id: SafeText | undefined
  answer(result: Result<RequestKind>): void
  fail(failure: Failure): void
}

/** A port that does nothing by itself. */
class AskedPort implements NodePort {
  readonly asked: Asked[] = []
  readonly ended = new Promise<never>(() => {})

  request<K extends RequestKind>(
    kind: K,
    params: Params<K>,
    options: RequestOptions = {},
  ): Promise<Result<K>> {
    const { promise, resolve, reject } = Promise.withResolvers<Result<K>>()
    const fail = (failure: Failure) => reject(new RequestFailed(failure))
    options.signal?.addEventListener('abort', () =>
      fail({ stage: 'request', cause: say`Cancelled`, hint: say`Ask again` }),
    )
    this.asked.push({
      kind,
      params,
      signal: options.signal,
      id: options.id,
      answer: result => resolve(result as Result<K>),
      fail,
    })
    return promise
  }

  subscribe(): never {
    throw new Error('the test feeds the store itself')
  }

  async stop(): Promise<void> {}
}

export interface LiveScreen {
  terminal: TestTerminal
  store: Store
  session: Session
  port: AskedPort
  clock: ManualClock
  /** Lets events happen now and waits for the screen. */
  happen(...events: NewEvent[]): Promise<void>
  /** Lets time pass and waits for the screen. */
  pass(ms: number): Promise<void>
}

/** Shows the app. */
export async function liveScreen(
  options: TerminalOptions & { session?: Partial<SessionOptions>; store?: Store; theme?: Theme } = {},
): Promise<LiveScreen> {
  const clock = new ManualClock()
  const { store = new Store(), theme = colourTheme } = options
  const port = new AskedPort()
  const session = new Session({ store, port, clock, ...options.session })
  let seq = 0
  const terminal = await renderInTerminal(<App session={session} theme={theme} />, options)
  return {
    terminal,
    store,
    session,
    port,
    clock,
    async happen(...events) {
      const time = clock.now()
      store.apply({
        dropped: 0,
        events: events.map(event => ({ v: 1, seq: ++seq, time, ...event }) as NodeEvent),
      })
      await terminal.flush()
    },
    async pass(ms) {
      clock.advance(ms)
      await terminal.flush()
    },
  }
}

/** A Peer ID that ends in `name`. */
export function peerIdOf(name: string): SafeText {
  return safeText(`12D3KooW${'x'.repeat(Math.max(0, 44 - name.length))}${name}`)
}

export const started: NewEvent = {
  type: 'node:started',
  peerId: peerIdOf('OwnNode1'),
  agentVersion: say`p2p-tui/test`,
}

/** A peer heard on the local network. */
export function heard(name: string, address = '/ip4/192.168.1.7/tcp/4001'): NewEvent {
  return {
    type: 'peer:discovered',
    peerId: peerIdOf(name),
    source: 'mdns',
    addresses: [safeText(address)],
  }
}

/** A peer that connects, and says what it runs. */
export function connected(name: string, agent = 'kubo/0.38'): NewEvent[] {
  const peerId = peerIdOf(name)
  const connectionId = safeText(`c-${name}`)
  return [
    {
      type: 'connection:opened',
      peerId,
      connectionId,
      address: safeText(`/ip4/192.168.1.7/tcp/4001/p2p/${peerId}`),
      direction: 'outbound',
      transport: say`tcp`,
      encryption: say`/noise`,
      muxer: say`/yamux/1.0.0`,
    },
    {
      type: 'peer:identified',
      peerId,
      connectionId,
      agentVersion: safeText(agent),
      protocols: [say`/ipfs/ping/1.0.0`, say`/ipfs/id/1.0.0`],
      addresses: [say`/ip4/192.168.1.7/tcp/4001`],
    },
  ]
}

/** The answer to a ping that somebody asked for. */
export function pinged(name: string, rttMs: number): NewEvent {
  return { type: 'ping:succeeded', peerId: peerIdOf(name), rttMs, cold: false, requestId: say`asked` }
}
