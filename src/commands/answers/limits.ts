/** Limits of connections and their use. */
import { z } from 'zod'
import { LIMITS } from '../../core/limit-terms.ts'
import { count, text } from '../../core/schema.ts'

export const limitAnswers = {
  limit: {
    limit: z.enum(LIMITS),
    most: count.describe('how many there may be'),
    used: count.optional().describe('how many there are; absent: of rates, and while the node starts'),
    inbound: z
      .strictObject({ most: count, used: count })
      .optional()
      .describe('connections: those that others may open, and have opened'),
    refused: count.describe('since the start'),
    option: text.describe('the option that sets it'),
  },
} as const
