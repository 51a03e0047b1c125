/** An attack that goes on while the operator dials, honest newcomers come and a friend pings: what all of them notice. */
import { setTimeout as passed } from 'node:timers/promises'
import type { Reading } from '../../../../bench/figure.ts'
import {
  cpuSeconds,
  forgetPeak,
  openDescriptors,
  peakMb,
  residentMb,
} from '../../../../bench/node/process.ts'
import { percentile } from '../../../../bench/statistics.ts'
import type { Attack, Spent, Target } from './attack.ts'
import type { Bystanders } from './child.ts'
import { OwnDials } from './own-dials.ts'
import type { Stage } from './stage.ts'
import type { Victim, VictimOptions } from './victim.ts'

/** What must hold. What is absent is printed and not judged. */
export interface FloodBounds {
  /** Processor time of the program for a MB that the attacker sends, beyond what it uses when all is calm, in seconds. */
  cpuPerMb?: number
  /** The same for each second that the attack lasts. */
  cpuShare?: number
  /** What memory grows by at its peak, in MB. */
  growthMb?: number
  /** The operator's slowest dials (p95) against those of a calm time before. */
  dials?: number
  /** Honest newcomers that do not get in, in %. */
  turnedAway?: number
  /** How much longer an honest peer's pings go without an answer than in a calm time, in ms. */
  gapMs?: number
  /** From the attack's end until the operator's dials take no longer than twice as long as before, in ms. */
  recoveryMs?: number
  /** Descriptors that are not given back, beside those of newcomers who stay. */
  descriptors?: number
  /** False: the program need not say anything of this attack, since it takes nothing beyond its share. */
  told?: false
  /** Of the attacker's sockets that the program closed, those that nothing it told counts, in %. */
  uncounted?: number
}

export interface FloodOptions {
  title: string
  short: boolean
  victim?: Omit<VictimOptions, 'program'>
  /** Which of the program's addresses honest peers come to; the first, if absent. */
  comesTo?(addresses: readonly string[]): string | undefined
  /** Goes on for so many times as long as attacks do. @default 1 */
  times?: number
  attack(target: Target, begun: () => void): Promise<Spent>
  holds: FloodBounds
  /** Further readings, of the program right after the attack. */
  also?(victim: Victim, spent: Spent): Reading[]
}

const FRIENDS = 8
/** An operator is to see that something is amiss while it is not yet past. */
const TOLD_WITHIN_MS = 2_000
const NEWCOMERS = 10
/** The first dials of a process compile what they need. */
const WARM_DIALS = 8
/** In a calm time a dial takes at least so long, as far as ratios go: less differs by what else a machine does. */
const LEAST_CALM_MS = 15
/** For so long what the attack has left may be worked off. */
const WORK_OFF_MS = 15_000
const RECOVERY_MS = 15_000
const SLICE_MS = 250
/** A program that uses less of a core than this has worked off what there was. */
const AT_REST = 0.1
/** Connections of whoever came by, and what the system keeps a little longer. */
const DESCRIPTORS_LATER_MS = 8_000

/** An attack of that kind. */
export function flood(options: FloodOptions): Attack {
  const { title, short, attack } = options
  return { title, short, attack, measure: stage => measure(stage, options) }
}

async function measure(stage: Stage, options: FloodOptions): Promise<Reading[]> {
  const victim = await stage.victim(options.victim)
  const others = stage.bystanders()
  const { friends = [] } = await others.order({ do: 'gather', friends: FRIENDS, newcomers: NEWCOMERS })
  const address = options.comesTo?.(victim.addresses()) ?? victim.addresses()[0] ?? ''
  await others.order({ do: 'watch', address })
  const own = new OwnDials(victim, friends)
  await own.times(WARM_DIALS)
  await others.order({ do: 'reset' })
  const forMs = stage.forMs * (options.times ?? 1)
  const calm = await calmTime(victim, own, forMs)
  const { longestGapMs: calmGapMs = 0 } = await others.order({ do: 'reset' })

  const attacker = stage.attacker(victim, { forMs })
  await attacker.begun
  const began = performance.now()
  const [dials, arrived, spent] = await Promise.all([
    own.until(attacker.done),
    arrivals(others, address, forMs),
    attacker.done,
  ])
  const tookS = (performance.now() - began) / 1000
  const recoveryMs = await recovery(victim, own, calm.p95)
  const { longestGapMs = Number.NaN } = await others.order({ do: 'reset' })
  if (victim.ended !== undefined) return [crashed(options.title, victim)]
  const workedOff = await rest(victim)
  const cpu = Math.max(0, cpuSeconds(victim.pid) - calm.cpu - calm.cpuADial * dials.length)
  const growthMb = peakMb(victim.pid) - calm.residentMb
  const kept = await keptDescriptors(victim, calm.descriptors + arrived)
  const also = options.also?.(victim, spent) ?? []
  // What it has counted and not told yet it tells at its end.
  await victim.quit()
  return [
    ...readings(options, {
      cpu,
      tookS,
      spent,
      growthMb,
      dials,
      calmP95: calm.p95,
      arrived,
      longestGapMs,
      calmGapMs,
      recoveryMs: workedOff ? recoveryMs : Number.POSITIVE_INFINITY,
      kept,
      excess: victim.excess(),
      began,
    }),
    ...also,
  ]
}

interface Calm {
  /** The slowest dials, in ms. */
  p95: number
  /** Processor time until the end of the calm time, in seconds. */
  cpu: number
  /** Processor time for each dial, while a friend pings, in seconds. */
  cpuADial: number
  residentMb: number
  descriptors: number
}

/** It is as long as the attack: what as many dials of one's own leave in memory is not the attacker's. */
async function calmTime(victim: Victim, own: OwnDials, forMs: number): Promise<Calm> {
  const { pid } = victim
  const before = cpuSeconds(pid)
  const times = await own.until(passed(forMs))
  const cpu = cpuSeconds(pid)
  const cpuADial = (cpu - before) / times.length
  forgetPeak(pid)
  const p95 = Math.max(LEAST_CALM_MS, percentile(times, 0.95))
  return { p95, cpu, cpuADial, residentMb: residentMb(pid), descriptors: openDescriptors(pid) }
}

async function arrivals(others: Bystanders, address: string, overMs: number): Promise<number> {
  const { arrived = 0 } = await others.order({ do: 'arrive', address, overMs })
  return arrived
}

/** How long it takes from now until a dial is quick again, in ms; Infinity: it takes too long. */
async function recovery(victim: Victim, own: OwnDials, calmMs: number): Promise<number> {
  const began = performance.now()
  while (performance.now() - began < RECOVERY_MS && victim.ended === undefined) {
    const dialed = performance.now()
    if ((await own.once()) <= calmMs * 2) return dialed - began
  }
  return Number.POSITIVE_INFINITY
}

/** Waits until the program does next to nothing. @returns whether it came to that in time */
async function rest(victim: Victim): Promise<boolean> {
  const end = performance.now() + WORK_OFF_MS
  for (let before = cpuSeconds(victim.pid); performance.now() < end; ) {
    await passed(SLICE_MS)
    const now = cpuSeconds(victim.pid)
    if ((now - before) / (SLICE_MS / 1000) < AT_REST) return true
    before = now
  }
  return false
}

/** How many descriptors more there are than there should be, once that no longer changes for the better. */
async function keptDescriptors(victim: Victim, due: number): Promise<number> {
  const more = () => Math.max(0, openDescriptors(victim.pid) - due)
  await victim.until(() => victim.ended !== undefined || more() === 0, DESCRIPTORS_LATER_MS)
  return more()
}

interface Measured {
  cpu: number
  tookS: number
  spent: Spent
  growthMb: number
  dials: number[]
  calmP95: number
  arrived: number
  longestGapMs: number
  calmGapMs: number
  recoveryMs: number
  kept: number
  excess: ReturnType<Victim['excess']>
  /** When the attack began, by `performance.now()`. */
  began: number
}

function readings({ title, holds }: FloodOptions, measured: Measured): Reading[] {
  const { cpu, tookS, spent, growthMb, dials, calmP95, excess } = measured
  const megabytes = spent.bytes / 1e6
  const failed = dials.filter(took => !Number.isFinite(took)).length
  const p95 = dials.length === 0 ? Number.NaN : percentile(dials, 0.95)
  const reading = (
    name: string,
    value: number,
    unit: Reading['unit'],
    atMost?: number,
    note = '',
  ): Reading => ({
    name: `${title}: ${name}`,
    value,
    unit,
    ...(atMost === undefined ? {} : { atMost }),
    note,
  })
  const last = excess.events.at(-1)
  const { dropped } = spent
  const told = holds.told === false ? undefined : TOLD_WITHIN_MS
  const first = excess.events.find(({ heardAt }) => heardAt >= measured.began)
  return [
    reading(
      'CPU seconds a MB',
      cpu / Math.max(1, megabytes),
      's',
      holds.cpuPerMb,
      `${megabytes.toFixed(1)} MB sent`,
    ),
    reading('share of a core', (100 * cpu) / tookS, '%', holds.cpuShare, `over ${tookS.toFixed(1)} s`),
    reading('growth of memory', growthMb, 'MB', holds.growthMb, 'at its peak'),
    reading(
      'own dials p95, against calm',
      p95 / calmP95,
      'x',
      holds.dials,
      `${dials.length} dials, ${failed} failed; calm: ${calmP95.toFixed(0)} ms`,
    ),
    reading(
      'newcomers turned away',
      100 * (1 - measured.arrived / NEWCOMERS),
      '%',
      holds.turnedAway,
      `${measured.arrived} of ${NEWCOMERS} came in`,
    ),
    reading(
      'longest gap of answers, beyond calm',
      Math.max(0, measured.longestGapMs - measured.calmGapMs),
      'ms',
      holds.gapMs,
      `to an honest peer's pings; calm: ${measured.calmGapMs.toFixed(0)} ms`,
    ),
    reading('time to recover', measured.recoveryMs, 'ms', holds.recoveryMs),
    reading('descriptors kept', measured.kept, 'count', holds.descriptors),
    reading(
      'untold',
      excess.count > 0 ? 0 : 1,
      'count',
      holds.told === false ? undefined : 0,
      last === undefined
        ? 'nothing was told'
        : `${excess.count} told of, the last: ${last.reason ?? last.cause}`,
    ),
    ...(first === undefined ? [] : [reading('told after', first.heardAt - measured.began, 'ms', told)]),
    ...(dropped === undefined
      ? []
      : [
          reading(
            'drops not counted',
            100 * Math.max(0, 1 - excess.count / Math.max(1, dropped)),
            '%',
            holds.uncounted,
            `${excess.count} counted, ${dropped} sockets dropped`,
          ),
        ]),
  ]
}

function crashed(title: string, { ended, errors }: Victim): Reading {
  return {
    name: `${title}: crashes`,
    value: 1,
    unit: 'count',
    atMost: 0,
    note: `${ended?.signal ?? ended?.code}: ${errors.slice(0, 200)}`,
  }
}
