import { connect } from 'node:net'
import { createInterface } from 'node:readline'
import { afterAll, describe, expect, it } from 'vitest'
import { removeBuiltScreen } from '../../bench/screen/build.ts'
import { Control } from '../../bench/screen/control.ts'
import { frameCost } from '../../bench/screen/frame-cost.ts'
import { MeasuredScreen, setting } from '../../bench/screen/measured-screen.ts'
import { happenings, take } from '../../bench/world/happenings.ts'
import { swarmPeers } from '../../bench/world/swarm.ts'

const SMALL = setting({ peers: 5, connected: 3 })

describe('the control socket', () => {
  it('answers each order with its own end', async () => {
    const control = new Control()
    const program = connect(control.path)
    createInterface(program).on('line', line =>
      program.write(`${JSON.stringify({ cpuMs: 1, events: JSON.parse(line).count })}\n`),
    )
    const orders = [3, 4].map(count => control.order({ do: 'fill', count }))
    expect((await Promise.all(orders)).map(({ events }) => events)).toEqual([3, 4])
    program.destroy()
    control.close()
  })
})

describe('the measured screen', () => {
  // A worker of the test run ends without saying so.
  afterAll(removeBuiltScreen)

  it('tells how many bytes and cells a change takes, and nothing of what was before', async () => {
    await using screen = await MeasuredScreen.start(SMALL)
    expect(await screen.change(() => {}, '3 connected')).toEqual({
      bytes: 0,
      cells: 0,
      least: 0,
    })
    await screen.change(() => screen.press(':'), ':')
    await screen.change(() => screen.press('dial 7'), 'dial 7')
    const key = await screen.change(() => screen.press('8'), 'dial 78')
    expect(key.cells).toBe(1)
    expect(key.bytes).toBeGreaterThan(0)
  })

  it("shows the same by its own writer and by Ink's, for the same events", async () => {
    await using own = await MeasuredScreen.start(SMALL)
    await using inks = await MeasuredScreen.start({ ...SMALL, writer: 'ink-incremental' })
    const events = take(happenings(swarmPeers(3), 5), 30)
    for (const screen of [own, inks]) {
      await screen.order({ do: 'emit', events })
      await screen.order({ do: 'fill', count: 200 })
    }
    for (const screen of [own, inks]) {
      // All of it, however long that takes.
      await screen.waitFor('Log  315')
      await screen.quiet()
    }
    expect(own.screen()).toEqual(inks.screen())
    expect(inks.bytes).toBeGreaterThan(own.bytes)
  })

  it('costs bytes and processor time for each commit', async () => {
    await using screen = await MeasuredScreen.start(SMALL)
    const { cpuMs, bytes } = await frameCost(screen, { count: 5, perCommit: 4 })
    expect(cpuMs).toBeGreaterThan(0)
    expect(bytes).toBeGreaterThan(0)
  })

  it('floods as fast as it is told', async () => {
    await using screen = await MeasuredScreen.start(SMALL)
    const { events } = await screen.order({ do: 'flood', perSecond: 1000, forMs: 300 })
    expect(events).toBeGreaterThan(0)
    expect(events).toBeLessThanOrEqual(1000 * 0.3 + 1)
  })
})
