/** Peers that a person has plans with: names, and connections that are to stay. */
import { z } from 'zod'
import { durationMs, peerId, text } from '../schema.ts'

export const keepingPayloads = {
  'name:given': { peerId, name: text },
  'name:taken': { peerId, name: text },

  'keep:started': { peerId },
  'keep:tried': {
    peerId,
    attempt: z.number().int().positive(),
    cause: text.describe('why it did not work'),
    nextInMs: durationMs.describe('when it is tried again'),
  },
  'keep:stopped': { peerId, reason: text },
} as const
