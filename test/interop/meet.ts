import type { NodeEvent } from '../../src/core/events.ts'
import type { NodeOptions } from '../../src/node/options.ts'
import { type Host, type Lab, withLab } from '../support/netns.ts'
import { Actor } from '../support/netns-actor.ts'
import type { WatchedNode } from '../support/watched-node.ts'
import { watchNodeOn } from './node-on-host.ts'
import type { Other, OtherTransport } from './others/others.ts'

/** Our address for each of them. */
const LISTEN: Record<OtherTransport, string> = {
  tcp: '/ip4/127.0.0.1/tcp/0',
  ws: '/ip4/127.0.0.1/tcp/0/ws',
}

/** A node of ours and one of another libp2p on a host that has loopback only, so that neither can call anybody else. */
export interface Meeting {
  host: Host
  node: WatchedNode
  /** Our Peer ID. */
  peerId: string
  other: Actor
  /** Waits until the other has logged it. */
  said(line: RegExp): Promise<unknown>
  /** The connection as our node has it. */
  opened(): Promise<NodeEvent<'connection:opened'>>
}

export interface MeetingOptions {
  /** Replaces the Peer ID in the address that the other is told to dial. */
  expect?: string
  options?: Partial<NodeOptions>
  /** What to do on the host before either starts. */
  prepare?(lab: Lab, host: Host): Promise<unknown>
}

/** Runs `body` with our node and another that is told to dial it; both end with the test. */
export function withMeeting<T>(
  other: Other,
  transport: OtherTransport,
  body: (meeting: Meeting) => Promise<T>,
  { expect, options, prepare }: MeetingOptions = {},
): Promise<T> {
  return withLab(async lab => {
    const host = await lab.host()
    await prepare?.(lab, host)
    const node = watchNodeOn(host, { listen: [LISTEN[transport]], ...options })
    const address = await node.address()
    const peerId = await node.peerId()
    const target = expect === undefined ? address : address.replace(peerId, expect)
    const actor = new Actor(host.node(other.program, [target]))
    return await body({
      host,
      node,
      peerId,
      other: actor,
      said: line => actor.next('text', ({ text }) => line.test(String(text))),
      opened: () => node.heard('connection:opened'),
    })
  })
}
