/** Pieces that the event schemas are built from. */
import { z } from 'zod'
import { type Failure, STAGES } from './failure.ts'
import type { SafeText } from './safe-text.ts'

/** A string that the bus has made safe to print. In JSON it is a plain string. */
export const text = z.string() as unknown as z.ZodType<SafeText, string>

export const durationMs = z.number().nonnegative()
export const bytes = z.number().int().nonnegative()
export const perSecond = z.number().nonnegative().describe('bytes per second')
export const peerId = text.describe('Peer ID as text')
export const multiaddr = text.describe('multiaddr')
export const direction = z.enum(['inbound', 'outbound'])

export const failure = {
  stage: z.enum(STAGES).describe('where it failed'),
  cause: text.describe("why, in a person's words"),
  hint: text.describe('what to try next'),
} satisfies Record<keyof Failure, z.ZodType>
