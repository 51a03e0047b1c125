/** What commands answer in the made-up network: the examples of docs/answers.md. */
import { answerLine } from '../../src/modes/answer-line.ts'
import { CommandRun } from '../../test/support/command-run.ts'

/** A line of input, or `p2p-tui <line>`; `<peer>` and `<address>` are those of a peer there. */
interface Asked {
  place: 'lines' | 'oneShot'
  line: string
  /** Lines of input before it. */
  after?: readonly string[]
}

/** The CID of "hello world". */
const HELLO = 'bafkreifzjut3te2nhyekklss27nh3k72ysco7y32koao5eei66wof36n5e'

const DIALED = ['dial <peer>']

/** By verb: what is asked for its examples. */
const ASKED: Readonly<Record<string, readonly Asked[]>> = {
  dial: [{ place: 'oneShot', line: 'dial <address>' }],
  ping: [{ place: 'oneShot', line: 'ping <address> -c 2' }],
  hangup: [{ place: 'lines', line: 'hangup <peer>', after: DIALED }],
  close: [{ place: 'lines', line: 'close c1', after: DIALED }],
  keep: [{ place: 'oneShot', line: 'keep <peer>' }],
  name: [{ place: 'oneShot', line: 'name <peer> Anna' }],
  forget: [{ place: 'oneShot', line: 'forget <peer>' }],
  listen: [{ place: 'lines', line: 'listen /ip4/127.0.0.1/tcp/4100' }],
  unlisten: [
    { place: 'lines', line: 'unlisten /ip4/127.0.0.1/tcp/4100', after: ['listen /ip4/127.0.0.1/tcp/4100'] },
  ],
  reserve: [{ place: 'lines', line: 'reserve <address>' }],
  limits: [{ place: 'lines', line: 'limits', after: DIALED }],
  id: [{ place: 'lines', line: 'id' }],
  peers: [{ place: 'oneShot', line: 'peers <peer>' }],
  connections: [{ place: 'oneShot', line: 'connections <address>' }],
  routing: [{ place: 'oneShot', line: 'routing' }],
  relays: [{ place: 'lines', line: 'relays', after: ['reserve <address>'] }],
  discover: [{ place: 'oneShot', line: 'discover' }],
  find: [{ place: 'oneShot', line: 'find <peer>' }],
  closest: [{ place: 'oneShot', line: 'closest /app/motd' }],
  provide: [{ place: 'lines', line: 'provide hello world' }],
  providing: [{ place: 'lines', line: 'providing', after: ['provide hello world'] }],
  withdraw: [{ place: 'lines', line: `withdraw ${HELLO}`, after: ['provide hello world'] }],
  providers: [{ place: 'oneShot', line: `providers ${HELLO}` }],
  put: [{ place: 'oneShot', line: 'put motd good morning' }],
  get: [{ place: 'oneShot', line: 'get motd', after: ['put motd good morning'] }],
}

/** The lines that a verb is answered with; empty where nothing was asked. */
export async function examplesOf(verb: string): Promise<readonly string[]> {
  const lines: string[] = []
  for (const asked of ASKED[verb] ?? []) lines.push(...(await answersTo(asked)))
  return lines
}

async function answersTo({ place, line, after = [] }: Asked): Promise<string[]> {
  const run = await new CommandRun(place, { dht: true }).ready()
  const [peer] = run.fake.peers
  if (peer === undefined) throw new Error('nobody there')
  const address = `/ip4/${peer.host}/tcp/${peer.port}/p2p/${peer.peerId}`
  const words = (text: string) => text.replaceAll('<peer>', peer.peerId).replaceAll('<address>', address)
  for (const before of after) await run.run(words(before))
  run.replies.length = 0
  await run.run(words(line))
  return run.replies.flatMap(({ data }) => (data === undefined ? [] : [answerLine(data, run.clock)]))
}
