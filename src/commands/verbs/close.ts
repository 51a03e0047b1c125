import { plural } from '../../core/format.ts'
import { safeText, say } from '../../core/safe-text.ts'
import { shownName } from '../../store/selectors/shown-name.ts'
import type { Command, CommandContext } from '../command.ts'
import { failed } from '../fail.ts'

/** Closes one connection and leaves the peer its others. Fails at stage `target` when there is no such connection. */
export const close: Command = {
  verb: 'close',
  summary: 'closes one connection, and leaves its peer the others',
  details:
    'A peer that is kept is dialed again. hangup closes all connections to a peer, and keeps none any more. The ids are ' +
    'in the data of connections and of connection:opened.',
  params: [{ name: 'connection', kind: 'connection', summary: 'its id, or @ for the selected one' }],
  keys: [
    {
      keys: ['X'],
      where: ['connections'],
      when: 'connected',
      label: 'close this one',
      line: 'close @',
      rank: 19,
      dangerous: true,
    },
  ],
  examples: ['close @', 'close c1'],
  where: 'node',
  answers: ['close'],
  async run(args, context) {
    const { port, signal, swarm, reply } = context
    const connectionId = connectionOf(String(args.connection), context)
    const { peerId, others } = await port.request('closeConnection', { connectionId }, { signal })
    const left = others === 0 ? say`no other` : plural(others, say`other`, say`others`)
    reply({
      tone: 'plain',
      text: say`closed a connection to ${shownName(swarm(), peerId)}: ${left} left`,
      data: { type: 'close', peerId, connectionId: safeText(connectionId), others },
    })
  },
}

/** The id that is meant; that of a stream's row begins with its connection's. */
function connectionOf(text: string, { screen }: CommandContext): string {
  if (text !== '@') return text
  const { view, lists } = screen?.state() ?? {}
  const row = view === 'connections' ? lists?.connections.selected : undefined
  const [connectionId] = row?.split(' ') ?? []
  if (connectionId !== undefined) return connectionId
  throw failed('target', say`No connection is selected`, say`2 shows them; or give an id`)
}
