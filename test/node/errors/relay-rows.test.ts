import { describe, expect, it } from 'vitest'
import { explain } from '../../../src/node/errors/explain.ts'

const named = (name: string, message: string) => Object.assign(new Error(message), { name })

describe('what relays answer', () => {
  it.each([
    ['reservation failed with status RESERVATION_REFUSED', /none left/],
    ['reservation failed with status RESOURCE_LIMIT_EXCEEDED', /at its limits/],
    ['reservation failed with status PERMISSION_DENIED', /does not allow us a reservation/],
    ['failed to connect via relay with status NO_RESERVATION', /no reservation at this relay/],
    ['failed to connect via relay with status PERMISSION_DENIED', /to connect through it/],
    ['failed to connect via relay with status RESOURCE_LIMIT_EXCEEDED', /at its limits/],
    ['failed to connect via relay with status CONNECTION_FAILED', /could not get through/],
    ['reservation failed with status SOMETHING_NEW', /^The relay answered SOMETHING_NEW$/],
  ])('%s', (message, cause) => {
    expect(explain(new Error(message), { stage: 'protocol' }).cause).toMatch(cause)
  })

  it.each([
    ['UnsupportedProtocolError', 'could not negotiate /libp2p/circuit/relay/0.2.0/hop', /is no relay/],
    ['ListenError', 'The relay was previously invalid', /is no relay/],
    ['ListenError', 'Cannot use self as relay', /this node itself/],
    ['DoubleRelayError', 'not creating reservation over relayed connection', /only reached through a relay/],
    ['TransferLimitError', 'data limit of 10 bytes exceeded', /limit for one connection is used up/],
    ['DurationLimitError', 'duration limit of 10 ms exceeded', /limit for one connection is used up/],
  ])('%s: %s', (name, message, cause) => {
    expect(explain(named(name, message), { stage: 'protocol' }).cause).toMatch(cause)
  })

  it('is not taken for what another protocol says', () => {
    const error = named('UnsupportedProtocolError', 'could not negotiate /chat/1')
    expect(explain(error, { stage: 'protocol' }).cause).toBe('It does not speak /chat/1')
  })
})
