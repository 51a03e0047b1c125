import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseLine } from '../../../src/commands/line/parse.ts'
import { splitWords } from '../../../src/commands/line/words.ts'

function read(line: string, place: 'screen' | 'lines' | 'oneShot' = 'screen') {
  const parsed = parseLine(line, place)
  if (parsed === undefined) return undefined
  return parsed.ok ? [parsed.command.verb, parsed.args] : parsed.error
}

describe('splitWords', () => {
  it.each([
    ['dial  x', ['dial', 'x']],
    ['filter "two words" b', ['filter', 'two words', 'b']],
    ["a 'b c' d", ['a', 'b c', 'd']],
    ['a key:"b c"d', ['a', 'key:b cd']],
    ['say "it\'s"', ['say', "it's"]],
    ['', []],
    ['  ', []],
    ['""', ['']],
  ])('%s', (line, words) => expect(splitWords(line).map(({ text }) => text)).toEqual(words))

  it('knows where words stand and which are still open', () => {
    expect(splitWords(' ab "c d')).toEqual([
      { text: 'ab', start: 1, end: 3, open: false },
      { text: 'c d', start: 4, end: 8, open: true },
    ])
  })
})

describe('parseLine', () => {
  it.each<[string, unknown]>([
    ['dial @', ['dial', { target: '@' }]],
    ['  DIAL   /ip4/1.2.3.4/tcp/1 ', ['dial', { target: '/ip4/1.2.3.4/tcp/1' }]],
    ['connect x', ['dial', { target: 'x' }]],
    ['ping x -c 3 -i .5', ['ping', { target: 'x', count: 3, interval: 0.5 }]],
    ['ping -c3 --interval=2 x', ['ping', { target: 'x', count: 3, interval: 2 }]],
    ['ping x --keep', ['ping', { target: 'x', keep: true }]],
    ['ping -- -x', ['ping', { target: '-x' }]],
    ['listen', ['listen', {}]],
    ['sort RTT', ['sort', { column: 'rtt' }]],
    ['help ping', ['help', { verb: 'ping' }]],
    ['filter', ['filter', {}]],
    ['filter -kind:dial "a  b" x ', ['filter', { text: '-kind:dial "a  b" x' }]],
    ['q', ['quit', {}]],
  ])('reads %s', (line, expected) => expect(read(line)).toEqual(expected))

  it('takes an empty line for nothing', () => expect(parseLine('   ', 'screen')).toBeUndefined())

  it.each([
    ['pnig x', 'There is no command "pnig"', 'Did you mean ping?'],
    ['xyzzy', 'There is no command "xyzzy"', 'Type help to see all commands'],
    ['dial', '<target> is missing', 'Usage: dial <target>'],
    ['dial a b', '"b" is one word too many', 'Usage: dial <target>'],
    ['ping x -c', '--count needs a value', 'Usage: ping <target>'],
    ['ping x -c 0', '--count must be a whole number from 1', 'Usage: ping'],
    ['ping x -c 1e3', '--count must be a whole number', 'Usage: ping'],
    ['ping x -i 0', '--interval must be a number of seconds from 0.1', 'Usage: ping'],
    ['ping x -i abc', 'not "abc"', 'Usage: ping'],
    ['ping x --cuont 3', 'There is no option --cuont', 'Did you mean --count?'],
    ['ping x --keep=3', '--keep takes no value', 'Usage: ping'],
    ['listen foo', '[multiaddr] must be a multiaddr', 'Usage: listen [multiaddr]'],
    ['sort rt', 'must be one of', 'Did you mean rtt? Usage: sort [column]'],
    ['help pnig', 'must be one of', 'Did you mean ping? Usage: help [verb]'],
    ['dial ""', '<target> must not be empty', 'Usage: dial <target>'],
  ])('says what is wrong with %s', (line, cause, hint) => {
    const error = read(line)
    expect(error).toMatchObject({ failure: { stage: 'target' } })
    const { failure } = error as { failure: { cause: string; hint: string } }
    expect(failure.cause).toContain(cause)
    expect(failure.hint).toContain(hint)
  })

  it.each([
    ['put motd "Good morning"', ['put', { key: 'motd', value: 'Good morning' }]],
    ['put motd Good "old" morning', ['put', { key: 'motd', value: 'Good "old" morning' }]],
    ['put motd "one" and "two"', ['put', { key: 'motd', value: '"one" and "two"' }]],
    ['put motd "Good morning', ['put', { key: 'motd', value: '"Good morning' }]],
    ['name Anna "the old laptop"', ['name', { target: 'Anna', name: 'the old laptop' }]],
    ['filter "two words"', ['filter', { text: '"two words"' }]],
    ['peers "two words"', ['peers', { filter: '"two words"' }]],
  ])('takes quotes around all of a text away, and leaves others: %s', (line, expected) => {
    expect(read(line)).toEqual(expected)
  })

  it('knows which commands there are where', () => {
    expect(read('sort rtt', 'lines')).toMatchObject({ failure: { cause: 'There is no command "sort"' } })
    expect(read('ping x --keep', 'oneShot')).toMatchObject({
      failure: { cause: 'There is no option --keep' },
    })
    expect(read('discover -t 3', 'oneShot')).toEqual(['discover', { timeout: 3 }])
  })

  it('never throws, and its words are clean', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('', 'ping ', 'sort ', 'listen ', 'dial a '),
        fc.string({ unit: 'binary' }),
        (start, rest) => {
          const parsed = parseLine(start + rest, 'screen')
          if (parsed !== undefined && !parsed.ok) {
            expect(parsed.error.failure.cause).not.toMatch(/[\p{Cc}\p{Cf}]/u)
          }
        },
      ),
    )
  })
})
