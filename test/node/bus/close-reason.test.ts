import { describe, expect, it } from 'vitest'
import { say } from '../../../src/core/safe-text.ts'
import { closeReason } from '../../../src/node/bus/close-reason.ts'

const GRACEFUL = say`The other side closed it`

describe('why a connection closed', () => {
  it('is the graceful reason when there was no error', () => {
    expect(closeReason(undefined, GRACEFUL)).toBe(GRACEFUL)
  })

  it.each([
    [new Error('read ECONNRESET'), /cut it off/],
    [Object.assign(new Error('write'), { code: 'EPIPE' }), /^The other side closed it$/],
    [Object.assign(new Error('x'), { code: 'ETIMEDOUT' }), /network/],
    [new DOMException('The operation timed out', 'TimeoutError'), /in time/],
    [new Error('The stream has been reset'), /^The other side reset it$/],
    [new Error('Unexpected EOF'), /middle of a message/],
    [new Error('Unexpected EOF - stream closed while reading 12/340 bytes'), /middle of a message/],
    [new Error('Unexpected EOF - stream closed while reading 0/1 bytes'), /^The other side closed it$/],
    [new Error('Duplicate multiaddr connection'), /another connection to the same address/],
  ])('names %s in plain words', (error, words) => {
    expect(closeReason(error, GRACEFUL)).toMatch(words)
  })

  it('repeats an unknown reason, made safe', () => {
    expect(closeReason(new Error('odd\u001b[2J'), GRACEFUL)).toBe('odd\uFFFD[2J')
    expect(closeReason(new Error(''), GRACEFUL)).not.toBe('')
    expect(closeReason('nothing like an error', GRACEFUL)).toBeDefined()
  })
})
