/** What each end of the channel makes sure of in a message before it acts on it; the node's end checks more. */
import { DEADLINES, type Params, type RequestKind } from '../../core/requests.ts'
import type { FromNode, ToNode } from './wire.ts'

/** The fields of each request's parameters and the type of each. */
const PARAMS: { readonly [K in RequestKind]: { readonly [F in keyof Params<K>]: 'string' | 'boolean' } } = {
  dial: { target: 'string' },
  ping: { peerId: 'string' },
  keepPinging: { peerId: 'string', on: 'boolean' },
  hangUp: { peerId: 'string' },
  closeConnection: { connectionId: 'string' },
  listen: { address: 'string' },
  query: { query: 'string', subject: 'string', value: 'string' },
  withdraw: { cid: 'string' },
  reserve: { relay: 'string' },
  unlisten: { address: 'string' },
  name: { peerId: 'string', name: 'string' },
  keep: { peerId: 'string', on: 'boolean' },
  accounts: {},
  forget: { peerId: 'string' },
}

type Fields = { readonly [name: string]: unknown }

/** The message, if it is one that a node understands. */
export function asToNode(message: unknown): ToNode | undefined {
  if (!isFields(message)) return undefined
  switch (message.type) {
    case 'request':
      return isNumber(message.call) && typeof message.kind === 'string' && isNumber(message.deadlineMs)
        ? (message as ToNode)
        : undefined
    case 'cancel':
      return isNumber(message.call) ? (message as ToNode) : undefined
    case 'subscribe':
    case 'pull':
    case 'unsubscribe':
      return isNumber(message.reader) ? (message as ToNode) : undefined
    case 'stop':
      return { type: 'stop' }
    default:
      return undefined
  }
}

/** The message, if it is one of a node's. */
export function asFromNode(message: unknown): FromNode | undefined {
  return isFields(message) && typeof message.type === 'string' ? (message as FromNode) : undefined
}

/** Whether there is such a request. */
export function isRequestKind(kind: string): kind is RequestKind {
  return Object.hasOwn(DEADLINES, kind)
}

/** Whether these are the parameters of such a request: each field there, of its type. */
export function areParams<K extends RequestKind>(kind: K, params: unknown): params is Params<K> {
  return (
    isFields(params) &&
    Object.entries<string>(PARAMS[kind]).every(([field, type]) => typeof params[field] === type)
  )
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number'
}
