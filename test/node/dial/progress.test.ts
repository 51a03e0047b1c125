import { multiaddr } from '@multiformats/multiaddr'
import { describe, expect, it } from 'vitest'
import { DialProgress } from '../../../src/node/dial/progress.ts'

type Listened = Parameters<DialProgress['listen']>[0]
const event = (type: string, detail?: unknown) =>
  Object.assign(new Event(type), { detail }) as unknown as Listened

const ADDRESSES = ['/ip4/127.0.0.1/tcp/1', '/ip4/127.0.0.1/tcp/2']
const calculated = () =>
  event(
    'dial-queue:calculated-addresses',
    ADDRESSES.map(address => ({ multiaddr: multiaddr(address), isCertified: false })),
  )

function followed(events: readonly Listened[]) {
  const seen: string[] = []
  const progress = new DialProgress((stage, detail) =>
    seen.push(detail === undefined ? stage : `${stage} ${detail}`),
  )
  for (const each of events) progress.listen(each)
  return { seen, progress }
}

describe('the stages of a dial', () => {
  const events = [
    event('connection:open'),
    event('dial-queue:add-to-dial-queue'),
    event('dial-queue:start-dial'),
    calculated(),
    event('transport-manager:selected-transport', '@libp2p/tcp'),
    event('tcp:open-connection'),
    event('upgrader:encrypt-outbound-connection'),
    event('transport-manager:selected-transport', '@libp2p/tcp'),
    event('tcp:open-connection'),
    event('upgrader:encrypt-outbound-connection'),
    event('upgrader:multiplex-outbound-connection'),
  ]
  const stages = [
    'queue',
    'resolve',
    `connect ${ADDRESSES[0]}`,
    'encrypt',
    `connect ${ADDRESSES[1]}`,
    'encrypt',
    'multiplex',
  ]

  it('come one by one, with the address that is tried', () => {
    const { seen, progress } = followed(events)
    expect(seen).toEqual(stages)
    expect(progress.stage).toBe('multiplex')
    expect(progress.attempts).toEqual([
      { address: ADDRESSES[0], stage: 'encrypt' },
      { address: ADDRESSES[1], stage: 'multiplex' },
    ])
  })

  it('are not doubled when dials are joined and each event is delivered twice', () => {
    expect(followed(events.flatMap(each => [each, each])).seen).toEqual(stages)
  })

  it('stay where they are at events that are not known', () => {
    expect(followed([event('webrtc:gathering-candidates')]).seen).toEqual([])
  })
})

it('counts the dial of a relay to the address that leads through it', () => {
  const through = '/ip4/127.0.0.1/tcp/1/p2p-circuit'
  const calculatedFor = (...addresses: string[]) =>
    event(
      'dial-queue:calculated-addresses',
      addresses.map(address => ({ multiaddr: multiaddr(address), isCertified: false })),
    )
  const connect = () => event('transport-manager:selected-transport')
  const { seen, progress } = followed([
    event('dial-queue:add-to-dial-queue'),
    calculatedFor(through, '/ip4/127.0.0.1/tcp/2'),
    connect(),
    // Circuit relay's transport hands the listener on to its own dial.
    event('dial-queue:add-to-dial-queue'),
    calculatedFor('/ip4/127.0.0.1/tcp/1'),
    connect(),
    event('upgrader:encrypt-outbound-connection'),
    event('connection:opened'),
    event('upgrader:encrypt-outbound-connection'),
  ])
  expect(progress.attempts).toEqual([{ address: through, stage: 'encrypt' }])
  expect(progress.untried).toEqual(['/ip4/127.0.0.1/tcp/2'])
  expect(seen).toContain('connect /ip4/127.0.0.1/tcp/1')
  progress.listen(connect())
  expect(progress.attempts.at(-1)).toEqual({ address: '/ip4/127.0.0.1/tcp/2', stage: 'connect' })
})
