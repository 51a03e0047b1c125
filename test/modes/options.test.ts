import { chmod, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readCommandLine } from '../../src/modes/command-line.ts'
import { configSchema, readConfigFile } from '../../src/modes/config-file.ts'
import { envName, type Given, givenByEnv, OPTIONS } from '../../src/modes/options.ts'
import { toSettings } from '../../src/modes/settings.ts'
import { DEFAULT_NODE_OPTIONS } from '../../src/node/options.ts'
import { scratchDirectory } from '../support/scratch.ts'

function asked(...argv: string[]) {
  const result = readCommandLine(argv, () => '1.2.3')
  if ('answer' in result) throw new Error(result.answer)
  return result
}
const given = (...argv: string[]) => asked(...argv).given
const answer = (...argv: string[]) => {
  const result = readCommandLine(argv, () => '1.2.3')
  return 'answer' in result ? result.answer : undefined
}

describe('the command line', () => {
  it('takes every option', () => {
    expect(
      given(
        ...'--listen /ip4/127.0.0.1/tcp/0 --listen /ip6/::1/tcp/0 --no-mdns --auto-dial --profile work'.split(
          ' ',
        ),
        ...'--ephemeral --data-dir /tmp/x --config c.json --ping-interval 0 --mdns-ttl 2.5 --headless'.split(
          ' ',
        ),
        ...'--dht lan --dht-server --bootstrap /ip4/1.2.3.4/tcp/2 --public --json --log-file l.json --demo --no-color /ip4/1.2.3.4/tcp/1 /ip4/1.2.3.5/tcp/1'.split(
          ' ',
        ),
      ),
    ).toEqual({
      listen: ['/ip4/127.0.0.1/tcp/0', '/ip6/::1/tcp/0'],
      mdns: false,
      autoDial: true,
      dht: 'lan',
      dhtServer: true,
      bootstrap: ['/ip4/1.2.3.4/tcp/2'],
      public: true,
      profile: 'work',
      ephemeral: true,
      dataDir: '/tmp/x',
      config: 'c.json',
      pingInterval: 0,
      mdnsTtl: 2.5,
      headless: true,
      json: true,
      logFile: 'l.json',
      demo: true,
      color: false,
      dial: ['/ip4/1.2.3.4/tcp/1', '/ip4/1.2.3.5/tcp/1'],
    })
  })

  it('says nothing of what was not given', () => expect(given()).toEqual({}))

  it('takes a verb with its own options and those of all, before and after it', () => {
    const { given: options, oneShot } = asked(
      '--profile',
      'work',
      'ping',
      'x',
      '-c',
      '3',
      '-i',
      '.5',
      '--json',
    )
    expect(options).toEqual({ profile: 'work', json: true })
    expect(oneShot?.command.verb).toBe('ping')
    expect(oneShot?.args).toEqual({ target: 'x', count: 3, interval: 0.5 })
    expect(asked('connect', '/ip4/1.2.3.4/tcp/1').oneShot?.command.verb).toBe('dial')
    expect(asked('discover', '--timeout', '3').oneShot?.args).toEqual({ timeout: 3 })
    expect(asked('id').oneShot?.args).toEqual({})
  })

  it.each([
    [['pnig'], /"pnig" is neither a command nor a multiaddr \(did you mean ping\?\)/],
    [['/ip4/1.2.3.4/tcp/1', 'xyzzy'], /"xyzzy" is neither/],
    [['--ping-intervall', '3'], /--ping-intervall.*--ping-interval\?/],
    [['--ping-interval', 'x'], /must be 0 or a number of seconds from 1 to 86400/],
    [['--ping-interval', '0.5'], /must be 0 or/],
    [['--relay-data', '1000'], /must be a whole number from 1024/],
    [['--relay-circuits', '1.5'], /must be a whole number from 1 to 10000/],
    [['--max-connections', '1'], /must be a whole number from 2 to 100000/],
    [['--max-pending', 'many'], /must be a whole number from 1/],
    [['--max-streams', '2.5'], /must be a whole number from 8/],
    [['--mdns-ttl', '0'], /must be a number of seconds from 1/],
    [['--mdns-ttl', '-1'], /must be a number of seconds from 1/],
    [['--listen'], /argument missing/],
    [['--profile', ''], /must not be empty/],
    [['ping'], /missing required argument 'target'/],
    [['ping', 'x', 'y'], /too many arguments/],
    [['ping', 'x', '-c', '0'], /must be a whole number from 1/],
    [['ping', 'x', '--keep'], /unknown option '--keep'/],
    [['ping', 'x\x1b[2J', 'y\x1b[2J'], /^\P{Cc}*$/u],
    [['hangup', 'x'], /"hangup" is for a node that goes on running/],
  ])('refuses %j, saying why', (argv, message) => expect(() => given(...argv)).toThrow(message))

  it('answers --help and --version wherever they stand', () => {
    expect(answer('--version')).toBe('1.2.3\n')
    expect(answer('ping', 'x', '-V')).toBe('1.2.3\n')
    for (const { flag } of OPTIONS) expect(answer('--help')).toContain(`--${flag}`)
    for (const verb of ['id', 'ping', 'dial', 'discover']) expect(answer('--help')).toContain(verb)
    expect(answer('ping', '--help')).toContain('--count <n>')
    expect(answer('ping', '--help')).not.toContain('@')
    expect(answer('help', 'discover')).toContain('--timeout <s>')
  })
})

describe('the environment', () => {
  it('has a twin of every option', () => {
    const env = Object.fromEntries(
      OPTIONS.map(option => [
        envName(option),
        option.kind === 'seconds'
          ? '7'
          : option.kind === 'count'
            ? '2000'
            : option.kind.startsWith('text')
              ? '/a /b,/c'
              : 'yes',
      ]),
    )
    expect(env).toHaveProperty('P2P_TUI_NO_MDNS')
    expect(env).toHaveProperty('P2P_TUI_LOG_FILE')
    expect(givenByEnv(env)).toEqual({
      listen: ['/a', '/b', '/c'],
      relay: ['/a', '/b', '/c'],
      relayServer: true,
      relayReservations: 2000,
      relayCircuits: 2000,
      relayDuration: 7,
      relayData: 2000,
      announce: ['/a', '/b', '/c'],
      autonat: true,
      autonatServer: true,
      upnp: true,
      mdns: false,
      autoDial: true,
      dht: '/a /b,/c',
      dhtServer: true,
      bootstrap: ['/a', '/b', '/c'],
      public: true,
      profile: '/a /b,/c',
      ephemeral: true,
      dataDir: '/a /b,/c',
      config: '/a /b,/c',
      maxConnections: 2000,
      maxPerHost: 2000,
      maxHostRate: 2000,
      maxPending: 2000,
      maxDials: 2000,
      maxStreams: 2000,
      pingInterval: 7,
      mdnsTtl: 7,
      headless: true,
      json: true,
      logFile: '/a /b,/c',
      demo: true,
      color: false,
    })
  })

  it('can say no, and nothing', () => {
    expect(givenByEnv({ P2P_TUI_NO_MDNS: '0', P2P_TUI_DEMO: 'false', P2P_TUI_PROFILE: ' ' })).toEqual({
      mdns: true,
      demo: false,
    })
  })

  it('NO_COLOR counts when it is not empty', () => {
    expect(givenByEnv({ NO_COLOR: '1' })).toEqual({ color: false })
    expect(givenByEnv({ NO_COLOR: '' })).toEqual({})
  })

  it.each([
    [{ P2P_TUI_DEMO: 'maybe' }, 'P2P_TUI_DEMO must be 1 or 0, not "maybe"'],
    [{ P2P_TUI_MDNS_TTL: 'x' }, 'P2P_TUI_MDNS_TTL must be a number of seconds from 1 to 86400, not "x"'],
  ])('names a value that is wrong', (env, message) => expect(() => givenByEnv(env)).toThrow(message))
})

describe('a configuration file', () => {
  async function file(content: string): Promise<string> {
    const path = join(await scratchDirectory(), 'config.json')
    await writeFile(path, content)
    return path
  }

  it('can hold every option but itself', async () => {
    const keys = OPTIONS.map(({ key }) => key).filter(key => key !== 'config')
    expect(Object.keys(configSchema.shape).sort()).toEqual([...keys, 'dial'].sort())
    const content = { listen: ['/ip4/127.0.0.1/tcp/0'], mdns: false, pingInterval: 0, profile: 'work' }
    expect(await readConfigFile(await file(JSON.stringify(content)))).toEqual(content)
  })

  it.each([
    ['{"mnds": true}', /unknown key "mnds"; did you mean mdns\?/],
    ['{"mdnsTtl": 0}', /mdnsTtl/],
    ['{"maxDials": 0}', /maxDials/],
    ['{"maxPerHost": 1.5}', /maxPerHost/],
    ['{"listen": "x"}', /listen: .*array/],
    ['{"listen": [1]}', /listen\.0/],
    ['{"config": "other"}', /unknown key "config"/],
    ['[]', /the file/],
    ['{', /cannot use the configuration file/],
    ['', /cannot use the configuration file/],
  ])('refuses %s', async (content, message) => {
    await expect(readConfigFile(await file(content))).rejects.toThrow(message)
  })

  it('says which file is not there', async () => {
    await expect(readConfigFile('/nowhere/config.json')).rejects.toThrow(/\/nowhere\/config.json.*ENOENT/)
  })

  it.skipIf(process.getuid?.() === 0)('says that it must not read one', async () => {
    const path = await file('{}')
    await chmod(path, 0)
    await expect(readConfigFile(path)).rejects.toThrow(/EACCES/)
  })
})

describe('toSettings', () => {
  it('prefers flags to the environment, that to the file, and all to the defaults', () => {
    const settings = toSettings(
      [{ profile: 'flag' }, { profile: 'env', mdnsTtl: 5 }, { profile: 'file', mdnsTtl: 6, pingInterval: 0 }],
      false,
    )
    expect(settings.node).toEqual({
      ...DEFAULT_NODE_OPTIONS,
      profile: 'flag',
      mdnsTtlMs: 5000,
      pingIntervalMs: 0,
    })
    expect(settings.chosen).toEqual({ profile: true, listen: false })
  })

  it('gives one host half of the connections, where nothing else was said', () => {
    const limits = (given: Given) => toSettings([given], false).node.limits
    expect(limits({ maxConnections: 20 })).toMatchObject({ connections: 20, perHost: 10 })
    expect(limits({ maxConnections: 20, maxPerHost: 20 })).toMatchObject({ connections: 20, perHost: 20 })
    expect(limits({})).toEqual(DEFAULT_NODE_OPTIONS.limits)
  })

  it('has no colours on a dumb terminal', () => {
    expect(toSettings([], false).colour).toBe(true)
    expect(toSettings([], true).colour).toBe(false)
    expect(toSettings([{ color: false }], false).colour).toBe(false)
  })
})
