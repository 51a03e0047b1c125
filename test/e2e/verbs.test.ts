/** `p2p-tui <verb> --json` as a script meets it: only JSON that fits its schema, exit codes, and a message for each fault. */
import { describe, expect, it } from 'vitest'
import { type AnswerType, answerSchemas } from '../../src/commands/answers/answer-schema.ts'
import { emptyHome, LOOPBACK_ARGS, PipedProgram } from '../support/program.ts'

const KAD = '/p2p-tui-test/kad/1.0.0'
const STRANGER = '12D3KooWEyoppNCUx8Yx66oV9fJnriXwCcXwDDUA2kj6vnc6iDEp'
const CID = 'bafkreifzjut3te2nhyekklss27nh3k72ysco7y32koao5eei66wof36n5e'
const CLOSED = '/ip4/127.0.0.1/tcp/1'
const DHT = ['--dht', KAD]

interface Said {
  type: AnswerType
  [field: string]: unknown
}

/** Each line as an answer that fits its schema. */
function answersIn(text: string): Said[] {
  expect(text === '' || text.endsWith('\n')).toBe(true)
  return text
    .split('\n')
    .slice(0, -1)
    .map(line => {
      const answer = JSON.parse(line) as Said
      expect(answerSchemas[answer.type]?.safeParse(answer).error, line).toBeUndefined()
      return answer
    })
}

async function run(args: readonly string[], home = emptyHome()) {
  const program = new PipedProgram([...args, '--json', '--no-mdns'], { home })
  const { code } = await program.ended
  return { code, out: answersIn(program.stdout), err: answersIn(program.stderr) }
}

/** A node that serves the DHT of the tests and is a relay, and its address. */
async function startServer() {
  const node = new PipedProgram([
    '--headless',
    '--json',
    '--ephemeral',
    ...DHT,
    '--dht-server',
    '--relay-server',
    ...LOOPBACK_ARGS,
  ])
  return { node, server: String((await node.event('listen:opened')).address) }
}

describe('answers of the built program', () => {
  it('fit their schemas, one verb after the other, over real nodes', async () => {
    const { server } = await startServer()
    const peerId = server.split('/p2p/').at(-1) ?? ''
    const ask = [...DHT, '--bootstrap', server]
    const home = emptyHome()
    const types = async (args: readonly string[]) => {
      const { code, out, err } = await run(args, home)
      expect({ args, code, err }).toEqual({ args, code: 0, err: [] })
      return out.map(({ type }) => type)
    }
    expect(await types(['dial', server])).toEqual(['dial:succeeded'])
    expect(await types(['ping', server, '-c', '2', '-i', '0.1'])).toEqual([
      'ping:succeeded',
      'ping:succeeded',
      'ping:statistics',
    ])
    expect(await types(['routing', ...ask])).toEqual(['routing:entry', 'routing'])
    expect(await types(['closest', 'motd', ...ask])).toEqual(['query:found', 'query:ended'])
    expect(await types(['put', 'motd', 'good', 'morning', ...ask])).toEqual(['query:ended'])
    const { out } = await run(['get', 'motd', ...ask])
    expect(out).toMatchObject([{ type: 'record', key: '/app/motd', value: 'good morning', encoding: 'text' }])
    const relays = ['relays', '--relay', server, '--listen', '/ip4/127.0.0.1/tcp/0']
    expect(await types(relays)).toEqual(
      expect.arrayContaining(['reservation', 'reachability'] satisfies AnswerType[]),
    )

    // The address book, without going online.
    expect(await types(['peers'])).toEqual(['peers'])
    expect(await types(['dial', server, '--profile', 'default'])).toEqual(['dial:succeeded'])
    expect(await types(['peers'])).toEqual(['peer', 'peers'])
    expect(await types(['name', peerId, 'the', 'old', 'laptop'])).toEqual(['name'])
    expect(await types(['keep', 'the old laptop'])).toEqual(['keep'])
    expect((await run(['peers', 'name:laptop'], home)).out[0]).toMatchObject({
      peerId,
      name: 'the old laptop',
      kept: true,
      presence: 'known',
    })
    expect(await types(['forget', 'the old laptop'])).toEqual(['forget'])
    expect(await types(['peers'])).toEqual(['peers'])
    expect(await types(['id'])).toEqual(['id'])
  }, 180_000)

  it('tell of each connection what it is made of and has carried, and of those that failed', async () => {
    const { server } = await startServer()
    const { code, out, err } = await run(['connections', server, CLOSED])
    expect(code).toBe(1)
    expect(out.map(({ type }) => type)).toEqual(['dial:failed', 'connection', 'connections'])
    expect(out[0]).toMatchObject({ target: CLOSED, stage: 'connect' })
    expect(out[1]).toMatchObject({
      transport: 'tcp',
      encryption: '/noise',
      relayed: false,
      direction: 'outbound',
    })
    expect(out[1]?.bytesIn).toBeGreaterThan(0)
    expect(err).toMatchObject([{ type: 'failed', verb: 'connections', stage: 'connect' }])
  })

  it('are nothing but what was said before an interruption: 130', async () => {
    const { node, server } = await startServer()
    const program = new PipedProgram(['connections', server, '--wait', '60', '--no-mdns', '--json'])
    await node.event('connection:opened')
    const logged = new PipedProgram(['ping', server, '-i', '0.1', '--no-mdns', '--json'])
    await logged.event('ping:succeeded')
    program.child.kill('SIGINT')
    logged.child.kill('SIGINT')
    expect((await program.ended).code).toBe(130)
    expect((await logged.ended).code).toBe(130)
    expect(answersIn(program.stdout)).toEqual([])
    expect(answersIn(logged.stdout).at(-1)?.type).toBe('ping:statistics')
  })
})

/** The words, the exit code, and what is said of them. `SERVER` is the address of a node of the DHT and relay. */
const FAULTS: readonly (readonly [words: string, code: 1 | 2, cause: RegExp, hint: RegExp])[] = [
  // Wrong usage: nothing is started.
  ['dial', 2, /missing required argument 'target'/, /dial --help/],
  ['dial /ip4/300.1.1.1/tcp/1', 2, /is not a multiaddr: Invalid IPv4/, /dial --help/],
  [`dial ${CLOSED} --timeout soon`, 2, /must be a number of seconds/, /dial --help/],
  [`ping ${CLOSED} --count 0`, 2, /must be a whole number from 1/, /ping --help/],
  [`ping ${CLOSED} --cuont 3`, 2, /unknown option '--cuont'/, /ping --help/],
  ['discover', 2, /does nothing with --no-mdns/, /discover --help/],
  [`find ${STRANGER}`, 2, /asks a DHT, and none was named/, /--dht lan/],
  [`find ${STRANGER} --dht lan`, 2, /needs somebody of the DHT to ask/, /--bootstrap/],
  ['find nobody --dht lan --bootstrap SERVER', 2, /^nobody is not a Peer ID$/, /Copy the whole of it/],
  ['providers foo --dht lan --bootstrap SERVER', 2, /^foo is not a CID$/, /bafk/],
  [`providers ${CID.slice(0, -1)} --dht lan --bootstrap SERVER`, 2, /is not a CID$/, /Copy the whole/],
  ['get /foo/x --dht lan --bootstrap SERVER', 2, /is not a key that this DHT keeps/, /\/app\//],
  ['put motd x --dht public --bootstrap SERVER', 2, /public DHT keeps no records like this/, /--dht lan/],
  [`put motd ${'x'.repeat(9000)} --dht lan --bootstrap SERVER`, 2, /longer than 8192 bytes/, /shorter/],
  ['routing', 2, /asks a DHT, and none was named/, /--dht lan/],
  ['connections', 2, /needs somebody to connect to/, /multiaddr/],
  ['relays', 2, /needs somebody to connect to/, /--relay/],
  ['relays --relay nowhere', 2, /--relay: "nowhere" is not a multiaddr/, /relays --help/],
  ['peers --ephemeral', 2, /there is none with --ephemeral/, /--profile/],
  ['name', 2, /missing required argument 'target'/, /name --help/],
  // What was tried and failed.
  [`dial ${CLOSED}`, 1, /refused/, /Check the port/],
  [`dial ${STRANGER} --timeout 0.5`, 1, /was not heard within/, /Give an address.*--profile/],
  [`dial SERVER-WRONG`, 1, /Another peer answers there/, /dial it by its own Peer ID/],
  [`dial SERVER/p2p-circuit/p2p/${STRANGER}`, 1, /no reservation at this relay/, /Have it reserve there/],
  [`find ${STRANGER} ${DHT.join(' ')} --bootstrap SERVER`, 1, /Nobody in the DHT knows/, /dial that/],
  [
    `find ${STRANGER} ${DHT.join(' ')} --bootstrap ${CLOSED}`,
    1,
    /bootstrap peer could not be reached/,
    /port/,
  ],
  [`providers ${CID} ${DHT.join(' ')} --bootstrap SERVER`, 1, /Nobody in the DHT provides it/, /two days/],
  [`get nothing ${DHT.join(' ')} --bootstrap SERVER`, 1, /key was not found/, /put stores one/],
  [
    // Time enough to get through to the server, which speaks another DHT.
    'routing --dht /other/kad/1.0.0 --bootstrap SERVER -t 5',
    1,
    /^Took longer than 5 s$/,
    /allow more time/,
  ],
  [`relays --relay ${CLOSED} --listen /ip4/127.0.0.1/tcp/0`, 1, /refused/, /Check the port/],
  ['relays --relay NO-RELAY --listen /ip4/127.0.0.1/tcp/0', 1, /It is no relay/, /--relay-server/],
  ['forget Anna', 1, /No known peer is called "Anna"/, /p2p-tui peers/],
  [`forget ${STRANGER}`, 1, /Nothing is known of/, /./],
  ['keep Anna', 1, /No known peer is called "Anna"/, /p2p-tui peers/],
  [`name ${STRANGER} ${'x'.repeat(33)}`, 1, /32/, /Use 1 to 32/],
  ['id --profile ../x', 1, /cannot be a profile's name/, /./],
]

describe('each fault has its message', () => {
  it('as one JSON object on standard error, with its exit code', async () => {
    const { server } = await startServer()
    const plain = new PipedProgram(['--headless', '--json', '--ephemeral', ...LOOPBACK_ARGS])
    const noRelay = String((await plain.event('listen:opened')).address)
    const wrong = `${server.split('/p2p/')[0]}/p2p/${STRANGER}`
    for (const [words, code, cause, hint] of FAULTS) {
      const line = words.replace('SERVER-WRONG', wrong).replace('SERVER', server).replace('NO-RELAY', noRelay)
      const { err, ...ended } = await run(line.split(' '))
      expect({ words, code: ended.code }).toEqual({ words, code })
      const failures = err.filter(({ type }) => type === 'failed')
      expect(failures, words).toEqual([
        expect.objectContaining({
          verb: line.split(' ')[0],
          cause: expect.stringMatching(cause),
          hint: expect.stringMatching(hint),
          ...(code === 2 ? { stage: 'usage' } : {}),
        }),
      ])
      if (code === 2) expect(ended.out).toEqual([])
    }
  }, 180_000)

  it('the address book is not read behind the back of a running copy', async () => {
    const home = emptyHome()
    const running = new PipedProgram(['--headless', '--json', ...LOOPBACK_ARGS], { home })
    await running.event('listen:opened')
    const { code, out, err } = await run(['peers'], home)
    expect({ code, out }).toEqual({ code: 1, out: [] })
    expect(err).toMatchObject([
      { type: 'failed', stage: 'start', cause: expect.stringMatching(/Another copy is running/) },
    ])
  })
})
