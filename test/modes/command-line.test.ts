import { describe, expect, it } from 'vitest'
import { readCommandLine } from '../../src/modes/command-line.ts'
import { OPTIONS } from '../../src/modes/options/table.ts'

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
    expect(answer('find', '--help')).toContain('--bootstrap')
    expect(answer('relays', '--help')).toContain('--relay <multiaddr>')
    for (const flag of ['--max-dials', '--relay']) expect(answer('find', '--help')).not.toContain(flag)
    for (const flag of ['--profile', '--json']) expect(answer('name', '--help')).toContain(flag)
    expect(answer('name', '--help')).not.toContain('--listen')
    expect(answer('help', 'discover')).toContain('--timeout <s>')
  })
})
