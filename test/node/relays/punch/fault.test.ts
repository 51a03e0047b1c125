import { describe, expect, it } from 'vitest'
import { explain } from '../../../../src/node/errors/explain.ts'
import { faultOf } from '../../../../src/node/relays/punch/fault.ts'
import type { PortMapping } from '../../../../src/node/relays/punch/observed-addresses.ts'
import { PunchError, type PunchFault } from '../../../../src/node/relays/punch/punch-error.ts'

const named = (name: string) => Object.assign(new Error(name), { name })
const refused = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' })
const [aborted, late] = [named('AbortError'), named('TimeoutError')]

describe('what stood in the way of a hole', () => {
  it.each<[what: string, dials: unknown[], mapping: PortMapping, fault: PunchFault]>([
    ['silence', [aborted, late], 'kept', 'no-answer'],
    ['silence, and nobody says what our router does', [aborted, late], 'unknown', 'no-answer'],
    ['silence, with a router of ours that changes the port', [aborted, late], 'changed', 'port-changed'],
    ['silence, with a router of ours that does so for each peer', [aborted, late], 'varies', 'ports-vary'],
    ['a refusal, and nobody came', [refused, late], 'kept', 'refused'],
    ['a refusal here and silence there', [refused, aborted, late], 'kept', 'no-answer'],
  ])('%s', (_, dials, mapping, code) => {
    expect(faultOf(new AggregateError(dials), mapping)).toMatchObject({ name: 'PunchError', code })
  })

  it('is what a dial says that came further', () => {
    const wrong = new AggregateError([named('EncryptionFailedError'), late])
    expect(faultOf(wrong, 'changed')).toBe(wrong)
  })

  it('is told in words of its own, with something to do about it', () => {
    const codes: Record<PunchFault, RegExp> = {
      mute: /does not speak DCUtR/,
      'not-tried': /has not tried/,
      garbled: /broke the rules/,
      'ours-unknown': /No public address of this node is known/,
      'theirs-unknown': /other side named no public address/,
      'no-answer': /Nothing came through/,
      'port-changed': /our router shows another port than we dial from/,
      'ports-vary': /our router shows another port to each peer/,
      refused: /refused/,
      'relay-ended': /relayed connection ended/,
    }
    for (const [code, words] of Object.entries(codes)) {
      const { cause, hint } = explain(new PunchError(code as PunchFault, ''), { stage: 'connect' })
      expect(cause).toMatch(words)
      expect(hint).not.toBe('')
    }
  })
})
