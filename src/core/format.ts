/** Figures, times and names in the few characters that a screen has for them. Pure. */
import { type SafeText, say } from './safe-text.ts'
import type { Peer } from './swarm.ts'

/** How many characters of a Peer ID tell peers apart at a glance. */
const TAIL = 8

/** A figure that was not measured. */
export const NONE = say`–`

/**
 * The end of a Peer ID, e.g. `…Kz8f3aQd`: all Ed25519 ids start with the same eight characters, so the head would say
 * nothing.
 */
export function shortPeerId(id: SafeText): SafeText {
  return id.length <= TAIL + 1 ? id : ours(`…${id.slice(-TAIL)}`)
}

/** What a peer is called: its pet name, or else the end of its Peer ID. */
export function peerName({ peerId, name }: Pick<Peer, 'peerId' | 'name'>): SafeText {
  return name ?? shortPeerId(peerId)
}

/**
 * A measured time in ms with three significant digits: `0.142 ms`, `3.21 ms`, `18.4 ms`, `184 ms`, and seconds from
 * ten of them on. Eight columns at the most.
 */
export function formatMs(ms: number | undefined): SafeText {
  if (ms === undefined || !Number.isFinite(ms)) return NONE
  if (ms < 0.9995) return ours(`${ms.toFixed(3)} ms`)
  if (ms < 9.995) return ours(`${ms.toFixed(2)} ms`)
  if (ms < 99.95) return ours(`${ms.toFixed(1)} ms`)
  if (ms < 9999.5) return ours(`${ms.toFixed(0)} ms`)
  return ours(`${(ms / 1000).toFixed(1)} s`)
}

const BYTE_UNITS = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'] as const

/** A size, 1 kB = 1000 bytes: `0 B`, `940 B`, `1.2 kB`, `24 kB`, `3.4 MB`. Six columns at the most. */
export function formatBytes(bytes: number): SafeText {
  let value = Math.max(0, Number.isFinite(bytes) ? bytes : 0)
  let unit = 0
  while (value >= 999.5 && unit < BYTE_UNITS.length - 1) {
    value /= 1000
    unit += 1
  }
  const digits = unit > 0 && value < 9.95 ? 1 : 0
  return ours(`${value.toFixed(digits)} ${BYTE_UNITS[unit]}`)
}

/** Bytes per second: `1.2 kB/s`. Eight columns at the most. */
export function formatRate(bytesPerSecond: number): SafeText {
  return say`${formatBytes(bytesPerSecond)}/s`
}

const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** How long something took or how old it is, in its largest unit: `4 s`, `3 min`, `2 h`, `5 d`. Never negative. */
export function formatAge(ms: number): SafeText {
  const age = Math.max(0, ms)
  if (age < MINUTE) return ours(`${Math.floor(age / SECOND)} s`)
  if (age < HOUR) return ours(`${Math.floor(age / MINUTE)} min`)
  if (age < DAY) return ours(`${Math.floor(age / HOUR)} h`)
  return ours(`${Math.floor(age / DAY)} d`)
}

/**
 * {@link formatAge} in three columns, for a table, and seldom another: `4s`, `10s`, `3m`, `40m`, `2h`, `5d`. From ten on,
 * seconds and minutes go by tens.
 */
export function shortAge(ms: number): SafeText {
  const tens = formatAge(ms).replace(/(?<=\d)\d(?= s| min)/, '0')
  return ours(tens.replace(' min', 'm').replace(' ', ''))
}

/** What is left until an end, in four columns: `2h` and more as {@link shortAge}, below it by the minute, at last by tens of seconds. */
export function timeLeft(ms: number): SafeText {
  return ms < MINUTE || ms >= 2 * HOUR ? shortAge(ms) : ours(`${Math.floor(ms / MINUTE)}m`)
}

/** How long something lasted, with its two largest units: `0.3 s`, `1 s`, `42 s`, `3 min 20 s`, `2 h 5 min`, `5 d 3 h`. */
export function formatDuration(ms: number): SafeText {
  const span = Math.max(0, ms)
  if (span < 10 * SECOND && span % SECOND !== 0) return ours(`${(span / SECOND).toFixed(1)} s`)
  if (span < MINUTE) return ours(`${Math.floor(span / SECOND)} s`)
  if (span < HOUR) return ours(`${Math.floor(span / MINUTE)} min ${Math.floor((span % MINUTE) / SECOND)} s`)
  if (span < DAY) return ours(`${Math.floor(span / HOUR)} h ${Math.floor((span % HOUR) / MINUTE)} min`)
  return ours(`${Math.floor(span / DAY)} d ${Math.floor((span % DAY) / HOUR)} h`)
}

/** The local time of day, `14:03:27` or with milliseconds `14:03:27.041`. `time` is ms since the epoch. */
export function formatTime(time: number, milliseconds = false): SafeText {
  const date = new Date(time)
  const two = (value: number) => String(value).padStart(2, '0')
  const clock = `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`
  return ours(milliseconds ? `${clock}.${String(date.getMilliseconds()).padStart(3, '0')}` : clock)
}

/** A share, 0 to 1, as `3 %`; a small one that is not nothing keeps a digit: `0.4 %`. */
export function formatShare(ratio: number | undefined): SafeText {
  if (ratio === undefined) return NONE
  const percent = ratio * 100
  return ours(`${percent.toFixed(percent > 0 && percent < 9.95 ? 1 : 0)} %`)
}

/** A count with its thousands apart: `256`, `1,000`, `25,000`. */
export function formatCount(count: number): SafeText {
  return ours(String(count).replace(/\B(?=(\d{3})+$)/g, ','))
}

/** A count with its noun, `1 peer`, `3 peers`. */
export function plural(count: number, one: SafeText, many: SafeText): SafeText {
  return say`${count} ${count === 1 ? one : many}`
}

/** Marks text made here, of digits and our own units, as safe. */
function ours(text: string): SafeText {
  return text as SafeText
}
