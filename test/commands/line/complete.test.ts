import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Known } from '../../../src/commands/line/candidates.ts'
import { completeFilter, completeLine } from '../../../src/commands/line/complete.ts'
import { hintFor } from '../../../src/commands/line/hint.ts'
import { commandsAt } from '../../../src/commands/registry.ts'
import { LOG_KEYS } from '../../../src/core/filter-subjects.ts'
import { ANNA, BERT, connected, heard, swarmOf, text } from '../../support/swarms.ts'

const known: Known = {
  place: 'screen',
  swarm: swarmOf(
    heard(BERT, '/ip4/192.168.1.30/tcp/4001'),
    heard(ANNA, '/ip4/192.168.1.2/tcp/4001'),
    connected(ANNA, '/ip4/192.168.1.2/tcp/4001'),
  ),
  selected: BERT,
}

/** The lines that Tab offers. */
function offered(line: string, cursor = line.length): string[] {
  const { from, candidates } = completeLine(line, cursor, known)
  return candidates.map(({ value }) => line.slice(0, from) + value)
}

describe('completeLine', () => {
  it.each([
    ['pi', ['ping ']],
    ['h', ['hangup ', 'help ']],
    ['help pi', ['help ping ']],
    ['sort r', ['sort rtt ', 'sort reverse ']],
    ['ping x --c', ['ping x --count ']],
    ['ping x -', ['ping x --count ', 'ping x --interval ', 'ping x --keep ', 'ping x --stop ']],
    ['ping x --keep -', ['ping x --keep --count ', 'ping x --keep --interval ', 'ping x --keep --stop ']],
    ['ping x -c ', []],
    [
      'dial /i',
      ['/ip4/192.168.1.30/tcp/4001 ', '/ip4/192.168.1.2/tcp/4001 ', '/ip4/', '/ip6/'].map(a => `dial ${a}`),
    ],
    ['dial /ip4/10.0.0.1/', ['dial /ip4/10.0.0.1/tcp/']],
    ['dial /ip4/10.0.0.1/tcp/4001/', ['dial /ip4/10.0.0.1/tcp/4001/p2p/']],
    [`dial ${BERT.slice(-5)}`, [`dial ${BERT} `]],
    [`dial …${BERT.slice(-8)}`, [`dial ${BERT} `]],
    ['listen /ip4/1', ['listen /ip4/127.0.0.1/tcp/0 ']],
    ['filter rt', ['filter rtt>']],
    ['filter -sta', ['filter -state:']],
    ['peers x state:h', ['peers x state:heard ']],
    ['connections path:r', ['connections path:relayed ']],
    ['xyzzy ', []],
  ])('%s', (line, lines) => expect(offered(line)).toEqual(lines))

  it('offers every verb to begin with', () =>
    expect(offered('').map(line => line.trim())).toEqual(commandsAt('screen').map(({ verb }) => verb)))

  it('offers the selected peer first, then the connected ones, with a word on each', () => {
    expect(offered('dial ')).toEqual(['dial @ ', `dial ${BERT} `, `dial ${ANNA} `])
    const [at, , anna] = completeLine('dial ', 5, known).candidates
    expect(at?.note).toContain('the selected peer')
    expect(anna?.note).toContain('connected')
  })

  it('offers what the node has and can end: connections, where it listens, what it provides', () => {
    const own: Known = {
      ...known,
      swarm: swarmOf(
        connected(ANNA, '/ip4/192.168.1.2/tcp/4001'),
        connected(BERT, '/ip4/192.168.1.30/tcp/4001'),
        { type: 'listen:opened', address: text('/ip4/127.0.0.1/tcp/4001') },
        { type: 'providing:updated', cid: text('bafyabc'), since: 1, peers: 19 },
      ),
    }
    const values = (line: string) => completeLine(line, line.length, own).candidates.map(c => c.value)
    expect(values('close ')).toEqual([`to-${ANNA} `, `to-${BERT} `])
    expect(values(`close ${BERT.slice(-8)}`)).toEqual([`to-${BERT} `])
    expect(completeLine('close ', 6, own).candidates[0]?.note).toBe(`…${ANNA.slice(-8)}, outbound, tcp`)
    expect(values('unlisten ')).toEqual(['/ip4/127.0.0.1/tcp/4001 '])
    expect(values('withdraw b')).toEqual(['bafyabc '])
    expect(values('withdraw x')).toEqual([])
  })

  it('completes at the cursor, not at the end', () => {
    expect(completeLine('pi x', 2, known)).toMatchObject({ from: 0, candidates: [{ value: 'ping ' }] })
  })

  it('offers some of very many peers', () => {
    const many = Array.from({ length: 300 }, (_, n) => heard(`${ANNA}${n}` as typeof ANNA))
    const { candidates } = completeLine('dial 12', 7, { ...known, swarm: swarmOf(...many) })
    expect(candidates).toHaveLength(50)
  })

  it('never throws, and replaces nothing after the cursor', () => {
    fc.assert(
      fc.property(fc.string(), fc.nat(40), (line, cursor) => {
        const at = Math.min(cursor, line.length)
        expect(completeLine(line, at, known).from).toBeLessThanOrEqual(at)
        hintFor(line, 'screen')
      }),
    )
  })
})

it('completeFilter knows the keys and values of one pane', () => {
  const values = (query: string) => completeFilter(query, query.length, LOG_KEYS).candidates.map(c => c.value)
  expect(values('')).toEqual(['kind:', 'type:', 'peer:', 'tone:', 'rtt>'])
  expect(values('x -ki')).toEqual(['kind:'])
  expect(values('kind:d')).toEqual(['dial ', 'dht '])
  expect(values('state:')).toEqual([])
})

describe('hintFor', () => {
  it.each([
    ['', /^$/],
    ['p', /^ping peers provide providing providers put$/],
    ['pin', /^ping <target> – measures round trips/],
    ['xy', /no such command/],
    ['dial ', /^<target> a multiaddr.*@ is the selected peer/],
    ['dial x', /^<target>/],
    ['dial x ', /^$/],
    ['ping x ', /^\[-c\|--count <n>\] .*--stop\]$/],
    ['ping x -c ', /^<n> how many pings/],
    ['ping x -c 3 ', /^\[-i\|--interval <s>\]/],
    ['filter a b', /^\[text\.\.\.\]/],
    ['clear', /^clear – empties/],
    ['clear ', /^$/],
  ])('after "%s"', (line, hint) => expect(hintFor(line, 'screen')).toMatch(hint))
})
