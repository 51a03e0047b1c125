/** Limits, their use, and who exceeds them. */
import { z } from 'zod'
import { excess } from '../../core/event-schema/limits.ts'
import { ANY_LIMITS } from '../../core/limit-terms.ts'
import { count, epochMs, text } from '../../core/schema.ts'

export const limitAnswers = {
  limit: {
    limit: z.enum(ANY_LIMITS),
    most: count.optional().describe('how many there may be; absent: see docs/limits.md'),
    used: count.optional().describe('how many there are; absent: of rates, and while the node starts'),
    inbound: z
      .strictObject({ most: count, used: count })
      .optional()
      .describe('connections: those that others may open, and have opened'),
    refused: count.describe('since the start'),
    option: text.optional().describe('the option that sets it; absent: none does'),
  },
  offender: {
    ...excess,
    count: count.describe('so far'),
    perSecond: count.describe('in the last five seconds'),
    comesBackAt: epochMs.optional().describe('this host has to wait until then'),
  },
} as const
