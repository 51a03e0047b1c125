/** Pieces that the schemas of events and answers are built from. */
import { z } from 'zod'
import { type Failure, STAGES } from './failure.ts'
import type { SafeText } from './safe-text.ts'

/** A string that the bus has made safe to print. In JSON it is a plain string. */
export const text = z.string() as unknown as z.ZodType<SafeText, string>

/** A span of time in ms; may have fractions. */
export const durationMs = z.number().nonnegative()
/** A count of bytes. */
export const bytes = z.number().int().nonnegative()
/** A number of things. */
export const count = z.number().int().nonnegative()
/** Of what others can cause as often as they like: beyond some rate one event stands for many. */
export const repeated = {
  count: count
    .optional()
    .describe('so many since the last one told of, the last of them being this; absent: this one alone'),
}
/** A moment, in ms since the Unix epoch. */
export const epochMs = z.number().int().nonnegative().describe('ms since the Unix epoch')
/** A rate in bytes per second. */
export const perSecond = z.number().nonnegative().describe('bytes per second')
/** A Peer ID as text. */
export const peerId = text.describe('Peer ID as text')
/** A multiaddr as text, e.g. /ip4/192.0.2.1/tcp/4001. */
export const multiaddr = text.describe('multiaddr')
/** Who opened it: the other side (inbound) or this node (outbound). */
export const direction = z.enum(['inbound', 'outbound'])

/** Bytes since the start and the rate over the last sample. */
export const traffic = { bytesIn: bytes, bytesOut: bytes, rateIn: perSecond, rateOut: perSecond }

/** The fields of a {@link Failure}, to be spread into those of an event. */
export const failure = {
  stage: z.enum(STAGES).describe('where it failed'),
  cause: text.describe("why, in a person's words"),
  hint: text.describe('what to try next'),
} satisfies Record<keyof Failure, z.ZodType>
/** Of a connection. */
export const connectionId = text.describe("the connection's id, unique in this run")
/** Of a protocol. */
export const protocol = text.describe('protocol id, e.g. /ipfs/ping/1.0.0')
