import type { Libp2p } from '@libp2p/interface'
import { multiaddr } from '@multiformats/multiaddr'
import { describe, expect, it } from 'vitest'
import { ObservedAddresses } from '../../../../src/node/relays/punch/observed-addresses.ts'
import type { SharedPort } from '../../../../src/node/transport/shared-port.ts'

const PORT = 5000

/** What peers tell of connections that were dialed from a port; without one: from any other, or by them. */
function told(...connections: { from?: number; sees: string; status?: string; direct?: boolean }[]) {
  const events = new EventTarget()
  const ports = new Map<unknown, number>()
  const observed = new ObservedAddresses(
    events as unknown as Libp2p,
    {
      current: PORT,
      carries: (connection: unknown) => ports.get(connection) === PORT,
    } as unknown as SharedPort,
  )
  for (const { from, sees, status = 'open', direct = true } of connections) {
    const connection = { status, direct }
    if (from !== undefined) ports.set(connection, from)
    const detail = { connection, observedAddr: multiaddr(sees) }
    events.dispatchEvent(new CustomEvent('peer:identify', { detail }))
  }
  return { list: observed.list().map(String), mapping: observed.mapping(), observed, events, ports }
}

describe('where peers outside see us', () => {
  it('is what those say that we have dialed from the shared port, once', () => {
    const { list } = told(
      { from: 5000, sees: '/ip4/11.0.1.2/tcp/5000' },
      { from: 5000, sees: '/ip4/11.0.1.2/tcp/5000' },
      { sees: '/ip4/11.9.9.9/tcp/6000' },
      { from: 4999, sees: '/ip4/11.0.1.2/tcp/4999' },
      { from: 5000, sees: '/ip4/11.0.1.2/tcp/7000', status: 'closed' },
      { from: 5000, sees: '/ip4/192.168.1.2/tcp/5000' },
      { from: 5000, sees: '/ip4/11.0.1.2/udp/5000/quic-v1' },
      { from: 5000, sees: '/ip4/11.0.1.2/tcp/8000', direct: false },
    )
    expect(list).toEqual(['/ip4/11.0.1.2/tcp/5000'])
  })

  it('is forgotten with the connection', () => {
    const { observed, events, ports } = told({ from: 5000, sees: '/ip4/11.0.1.2/tcp/5000' })
    const [connection] = ports.keys()
    events.dispatchEvent(new CustomEvent('connection:close', { detail: connection }))
    expect(observed.list()).toEqual([])
  })

  it.each([
    ['unknown', []],
    ['kept', [{ from: 5000, sees: '/ip4/11.0.1.2/tcp/5000' }]],
    ['changed', [{ from: 5000, sees: '/ip4/11.0.1.2/tcp/6000' }]],
    [
      'varies',
      [
        { from: 5000, sees: '/ip4/11.0.1.2/tcp/6000' },
        { from: 5000, sees: '/ip4/11.0.1.2/tcp/6001' },
      ],
    ],
    [
      'kept',
      [
        { from: 5000, sees: '/ip4/11.0.1.2/tcp/5000' },
        { from: 5000, sees: '/ip6/2a00::1/tcp/5000' },
        { from: 4999, sees: '/ip4/11.0.1.2/tcp/6000' },
      ],
    ],
  ])('tells what the router makes of ports: %s', (mapping, connections) => {
    expect(told(...connections).mapping).toBe(mapping)
  })
})
