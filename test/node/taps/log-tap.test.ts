import { describe, expect, it } from 'vitest'
import { LogTap } from '../../../src/node/taps/log-tap.ts'

describe('the log tap', () => {
  it('hands on the lines that were asked for, in whatever scope they are written', () => {
    const tap = new LogTap()
    const lines: unknown[] = []
    tap.on('refused %a', args => lines.push(args))
    const log = tap.logger.forComponent('libp2p:tcp').newScope('inner')
    log('refused %a', 'one')
    log.error('refused %a', 'two')
    log('something else %a', 'three')
    expect(lines).toEqual([['one'], ['two']])
  })

  it('never fails the one who logs', () => {
    const tap = new LogTap()
    tap.on('x', () => {
      throw new Error('a fault of ours')
    })
    expect(() => tap.logger.forComponent('libp2p')('x')).not.toThrow()
  })
})
