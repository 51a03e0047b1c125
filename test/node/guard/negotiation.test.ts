import { describe, expect, it } from 'vitest'
import { BadMessageError } from '../../../src/node/guard/messages.ts'
import { Negotiation, type Offer } from '../../../src/node/guard/negotiation.ts'
import { MULTISTREAM, negotiation as words } from '../../support/peers/raw-peer.ts'

const TAKES: Offer = { takes: ['/noise', '/tls/1.0.0'] }
const REST = Buffer.alloc(64, 0xff)

/** How many bytes of what comes are of the negotiation, and what was agreed on. */
function read(negotiation: Negotiation, ...bytes: Uint8Array[]) {
  const all = Buffer.concat(bytes)
  return { read: negotiation.received(all), of: all.length, agreed: negotiation.agreed }
}

describe('a negotiation in which we answer', () => {
  it('ends with a protocol that we take, and what follows is not looked at', () => {
    const agreed = words(MULTISTREAM, '/noise')
    expect(read(new Negotiation(TAKES), agreed, REST)).toMatchObject({
      read: agreed.length,
      agreed: '/noise',
    })
  })

  it('goes on after a protocol that we do not take', () => {
    const negotiation = new Negotiation(TAKES)
    expect(read(negotiation, words(MULTISTREAM, '/secio', '/plaintext')).agreed).toBeUndefined()
    expect(read(negotiation, words('/tls/1.0.0')).agreed).toBe('/tls/1.0.0')
    expect(negotiation.messages).toBe(4)
  })

  it('comes in single bytes', () => {
    const negotiation = new Negotiation(TAKES)
    for (const byte of words(MULTISTREAM, '/noise')) negotiation.received(Uint8Array.of(byte))
    expect(negotiation.agreed).toBe('/noise')
  })

  it.each([
    ['garbage', REST],
    ['lists, again and again', words(MULTISTREAM, 'ls', 'ls')],
    ['protocols without an end', words(MULTISTREAM, ...Array.from({ length: 24 }, (_, at) => `/p/${at}`))],
    ['empty messages without an end', Buffer.alloc(25)],
    ['headers without an end', words(...Array.from({ length: 25 }, () => MULTISTREAM))],
  ])('is none with %s', (_, bytes) => {
    expect(() => new Negotiation(TAKES).received(bytes)).toThrow(BadMessageError)
  })

  it('has not ended for a name that libp2p would read otherwise', () => {
    const odd = Buffer.from('/noise\u00a0\n', 'latin1')
    expect(read(new Negotiation(TAKES), Buffer.of(odd.length), odd).agreed).toBeUndefined()
  })
})

describe('a negotiation in which we propose', () => {
  it('ends with what we proposed last, and with nothing else', () => {
    const negotiation = new Negotiation('we propose')
    negotiation.sent(words(MULTISTREAM, '/noise'))
    expect(read(negotiation, words(MULTISTREAM, '/tls/1.0.0')).agreed).toBeUndefined()
    negotiation.sent(words('/tls/1.0.0'))
    expect(read(negotiation, words('/noise')).agreed).toBeUndefined()
    const agreed = words('/tls/1.0.0')
    expect(read(negotiation, agreed, REST)).toMatchObject({ read: agreed.length, agreed: '/tls/1.0.0' })
  })

  it('is none with garbage, before and after an answer', () => {
    const negotiation = new Negotiation('we propose')
    negotiation.sent(words(MULTISTREAM, '/noise'))
    negotiation.received(words(MULTISTREAM, 'na'))
    expect(() => negotiation.received(REST)).toThrow(BadMessageError)
    expect(() => new Negotiation('we propose').received(REST)).toThrow(BadMessageError)
  })
})
