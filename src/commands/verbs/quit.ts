import type { Command } from '../command.ts'

/** Ends the program; the node is stopped on the way out. */
export const quit: Command = {
  verb: 'quit',
  aliases: ['exit', 'q'],
  summary: 'stops the node and ends the program',
  params: [],
  keys: [{ keys: ['q', 'ctrl+c'], where: ['any'], label: 'quit', line: 'quit', rank: 90, dangerous: true }],
  examples: ['quit'],
  where: 'node',
  async run(_, { quit: end }) {
    end()
  },
}
