import { describe, expect, it } from 'vitest'
import { say } from '../../src/core/safe-text.ts'
import { connected, type LiveScreen, liveScreen, peerIdOf, started } from '../support/live-screen.tsx'
import { checked, reserved } from '../support/views-world.ts'

const PUBLIC = say`/ip4/203.0.113.9/tcp/4001`
const lineWith = ({ terminal }: LiveScreen, text: string) =>
  terminal.screen().find(line => line.includes(text))

async function shown(columns = 120, rows = 30) {
  const live = await liveScreen({ columns, rows })
  await live.happen(started)
  await live.terminal.press('4')
  return live
}

describe('relays and reachability', () => {
  it('say in words whether others can reach this node, and why', async () => {
    const live = await shown()
    expect(lineWith(live, 'Not known: no peer asked (--autonat)')).toBeDefined()
    await live.happen({ type: 'autonat:started', asks: true, answers: false })
    expect(lineWith(live, 'Not known yet if peers can dial us')).toBeDefined()
    await live.happen({
      type: 'address:learned',
      address: PUBLIC,
      how: 'observed',
      peerId: peerIdOf('alice001'),
    })
    expect(live.terminal.screen().join(' ')).toMatch(/1 address known, none tried yet/)
    expect(lineWith(live, '  203.0.113.9:4001')).toMatch(
      /not tried +203\.0\.113\.9:4001 +seen there by …alice001/,
    )
    await live.happen(checked(PUBLIC, false, 'bobbob02'))
    expect(live.terminal.screen()[1]).toContain('not reachable')
    expect(lineWith(live, '  203.0.113.9:4001  ')).toMatch(/closed +.* not reached by …bobbob02, seen there/)
    expect(lineWith(live, 'Nobody could reach us: behind a NAT?')).toBeDefined()
    expect(lineWith(live, '203.0.113.9:4001: not reached by …bobbob02')).toBeDefined()
    expect(lineWith(live, 'try --upnp')).toBeDefined()
    await live.happen(reserved('relay001', live.clock.now() + 3_600_000))
    expect(lineWith(live, 'Reachable through 1 relay')).toBeDefined()
    await live.happen(checked(PUBLIC, true, 'bobbob02'))
    await live.happen(checked(PUBLIC, true, 'carol003'), checked(PUBLIC, false, 'dave0004'))
    expect(lineWith(live, 'Reachable at 203.0.113.9:4001')).toBeDefined()
    expect(lineWith(live, 'confirmed by …bobbob02 and …carol003')).toBeDefined()
    expect(lineWith(live, 'not reached by …dave0004')).toBeDefined()
    expect(live.terminal.screen()[0]).toContain('   reachable')
    await live.happen({ type: 'upnp:failed', stage: 'connect', cause: say`No router`, hint: say`Turn it on` })
    expect(lineWith(live, 'No router')).toBeDefined()
    expect(lineWith(live, 'Turn it on')).toBeDefined()
    await live.happen({ type: 'upnp:mapped', address: PUBLIC, gateway: say`Box` })
    expect(lineWith(live, 'Box forwards our ports')).toBeDefined()
    await live.happen({ type: 'address:lost', address: PUBLIC, reason: say`gone` })
    expect(lineWith(live, 'Reachable through 1 relay')).toBeDefined()
  })

  it('show reservations held and granted with what is left of them and their limits', async () => {
    const live = await shown()
    const end = live.clock.now() + 3_600_000
    await live.happen(reserved('relay001', end), {
      type: 'relay:granted',
      peerId: peerIdOf('guest001'),
      expiresAt: end,
      renewed: false,
    })
    expect(live.terminal.screen()[1]).toMatch(/through a relay {2}1 relay {2}1 granted/)
    expect(lineWith(live, '…relay001')).toMatch(
      /60m left +until \d\d:\d\d:\d\d +131 kB, 2 min 0 s a connection/,
    )
    expect(lineWith(live, '…guest001')).toMatch(/60m left +unused +until .* +no limits/)
    expect(lineWith(live, 'p2p-circuit')).toBeDefined()
    await live.pass(3_600_000)
    expect(lineWith(live, '…relay001')).toContain('expired')
    await live.happen({ type: 'relay:lost', peerId: peerIdOf('relay001'), reason: say`gone` })
    expect(lineWith(live, '…relay001')).toBeUndefined()
  })

  it.each([[120], [40]])(
    'show a relay that is lost until it is back or given up, at %i columns',
    async columns => {
      const live = await shown(columns)
      const peerId = peerIdOf('relay001')
      await live.happen(reserved('relay001', live.clock.now() + 3_600_000))
      await live.happen({ type: 'relay:lost', peerId, reason: say`gone` })
      await live.happen({ type: 'relay:awaited', peerId, attempts: 0, nextInMs: 2_000 })
      expect(lineWith(live, '…relay001')).toMatch(/asked again in \ds/)
      await live.happen({ type: 'relay:awaited', peerId, attempts: 3, nextInMs: 16_000 })
      expect(lineWith(live, '…relay001')).toContain('asked again in 10s')
      if (columns === 120) expect(lineWith(live, '…relay001')).toContain('no reservation, 3 tries')
      await live.happen(reserved('relay001', live.clock.now() + 3_600_000))
      expect(lineWith(live, '…relay001')).toContain('60m left')
      await live.happen({ type: 'relay:lost', peerId, reason: say`gone` })
      await live.happen({ type: 'relay:awaited', peerId, attempts: 0, nextInMs: 2_000 })
      await live.happen({ type: 'relay:unwanted', peerId })
      expect(lineWith(live, '…relay001')).toBeUndefined()
    },
  )

  it('say how much of what this relay gives is taken', async () => {
    const live = await shown()
    expect(lineWith(live, 'Reservations granted')).toContain('this node is no relay (--relay-server)')
    await live.happen({ type: 'relay:started', reservations: 128, circuits: 16, limitBytes: 1024 })
    expect(lineWith(live, 'Reservations granted')).toContain('0 of 128 taken, 0 connections through us')
  })

  it.each([[120], [80], [40]])(
    'show who connects to whom through this relay, at %i columns',
    async columns => {
      const live = await shown(columns)
      const circuit = { circuitId: say`k1`, peerId: peerIdOf('caller01'), toPeerId: peerIdOf('guest001') }
      await live.happen(
        {
          type: 'relay:granted',
          peerId: circuit.toPeerId,
          expiresAt: live.clock.now() + 3_600_000,
          renewed: false,
          limitBytes: 131_072,
          limitMs: 120_000,
        },
        { type: 'circuit:opened', ...circuit },
        { type: 'circuit:measured', ...circuit, bytesTo: 1_200, bytesBack: 300 },
      )
      await live.pass(10_000)
      expect(lineWith(live, '…guest001')).toMatch(/left +1 open, 1.5 kB/)
      expect(lineWith(live, 'from …caller01')).toMatch(/from …caller01 +10s +1.2 kB ther/)
      const bytes = { bytesTo: 5_000, bytesBack: 1_000 }
      await live.happen({
        type: 'circuit:closed',
        ...circuit,
        ...bytes,
        reason: say`over`,
        durationMs: 12_000,
      })
      expect(lineWith(live, 'from …caller01')).toBeUndefined()
      expect(lineWith(live, '…guest001')).toMatch(/left +1 over, 6.0 kB/)
    },
  )

  it.each([[120], [80]])('follow a hole punch from try to try to its end, at %i columns', async columns => {
    const live = await shown(columns)
    const peerId = peerIdOf('alice001')
    const addresses = [say`/ip4/203.0.113.9/tcp/4001`]
    await live.happen({ type: 'punch:started', peerId })
    expect(lineWith(live, '…alice001')).toMatch(/…alice001 +started/)
    for (const attempt of [1, 2]) {
      await live.happen({ type: 'punch:tried', peerId, how: 'punch', attempt, attempts: 3, addresses })
      expect(lineWith(live, '…alice001')).toMatch(`try ${attempt} of 3`)
      expect(lineWith(live, '…alice001')).toContain('203.0.113.9/tcp/4001')
    }
    await live.happen({ type: 'punch:succeeded', peerId, address: PUBLIC, durationMs: 61 })
    expect(lineWith(live, '…alice001')).toMatch(
      /direct .*over 203\.0\.113\.9\/tcp\/4001 after 61\.0 ms, try 2/,
    )
    await live.happen(
      { type: 'punch:started', peerId },
      { type: 'punch:failed', peerId, cause: say`No way`, hint: say`Forward a port`, durationMs: 9 },
    )
    expect(lineWith(live, '…alice001')).toMatch(/failed .*No way/)
    expect(lineWith(live, 'Forward a port')).toBeDefined()
  })

  it('can be read to the end at 40x10, and keys act on the relay', async () => {
    const live = await shown(40, 10)
    await live.happen(...connected('relay001'), reserved('relay001', live.clock.now() + 3_600_000))
    expect(lineWith(live, 'Reachable through')).toMatch(/^▸/)
    await live.terminal.press('G')
    expect(lineWith(live, 'Reservations granted')).toMatch(/^▸/)
    await live.terminal.press('g')
    await live.terminal.press('jjjjj')
    expect(lineWith(live, '…relay001')).toMatch(/^▸/)
    await live.terminal.press('x')
    expect(live.port.asked.at(-1)?.params).toMatchObject({ peerId: peerIdOf('relay001') })
    await live.terminal.press('g')
    expect(lineWith(live, 'Reachable through')).toMatch(/^▸/)
  })
})
