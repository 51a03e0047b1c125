import type { MessageStream } from '@libp2p/interface'
import { expect, it } from 'vitest'
import { closeInsideOut } from '../../../src/node/transport/close-inside-out.ts'

/** A raw connection and what is inside of it, which closes the raw one at its end, as libp2p's TLS does. */
function nested({ fails = false } = {}) {
  const closed: string[] = []
  const raw = { close: async () => void closed.push('raw') } as unknown as MessageStream
  const inside = {
    close: async () => {
      closed.push('inside')
      if (fails) throw new Error('the other side does not take it')
      await raw.close()
    },
  } as unknown as MessageStream
  closeInsideOut(raw, inside)
  return { raw, closed }
}

it('closes what is inside first, and once', async () => {
  const { raw, closed } = nested()
  await raw.close()
  expect(closed.slice(0, 2)).toEqual(['inside', 'raw'])
  await raw.close()
  expect(closed.filter(name => name === 'inside')).toHaveLength(1)
})

it('closes the raw connection where what is inside cannot be closed', async () => {
  const { raw, closed } = nested({ fails: true })
  await raw.close()
  expect(closed).toEqual(['inside', 'raw'])
})
