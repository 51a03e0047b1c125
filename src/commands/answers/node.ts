/** This node itself, and what any command may say. */
import { z } from 'zod'
import { STAGES } from '../../core/failure.ts'
import { failure, multiaddr, peerId, text, traffic } from '../../core/schema.ts'

export const nodeAnswers = {
  id: {
    peerId: peerId.optional().describe('Peer ID as text; absent: the node is still starting'),
    profile: text.optional().describe('absent: an ephemeral identity'),
    agentVersion: text.optional().describe('absent: no node was started'),
    addresses: z.array(multiaddr).optional().describe('where it listens; absent: no node was started'),
  },
  traffic: { protocol: text.optional().describe('absent: all on the wire'), ...traffic },
  text: { text: text.describe('a line of help') },
} as const

/** Said on standard error. */
export const troubleAnswers = {
  failed: {
    verb: text.optional().describe('absent: the words name none'),
    target: text.optional(),
    ...failure,
    stage: z
      .enum([...STAGES, 'usage'])
      .describe('where it failed; usage: the words of the command line, and nothing was started'),
  },
  warning: { topic: text, cause: text, hint: text },
} as const
