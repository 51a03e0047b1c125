import { describe, expect, it } from 'vitest'
import { say } from '../../src/core/safe-text.ts'
import { asciiGlyphs } from '../../src/ui/glyphs.ts'
import { monochromeTheme } from '../../src/ui/theme.ts'
import {
  connected,
  heard,
  type LiveScreen,
  liveScreen,
  peerIdOf,
  pinged,
  started,
} from '../support/live-screen.tsx'
import { keys } from '../support/terminal.tsx'
import { checked, dht, relayedTo, reserved, stream } from '../support/views-world.ts'

/** What happens to the app: each step is one thing after which the screen is looked at. */
type Step = (live: LiveScreen) => Promise<unknown>

const press =
  (...chunks: string[]): Step =>
  live =>
    live.terminal.press(...chunks)
const resize =
  (columns: number, rows: number): Step =>
  live =>
    live.terminal.resize(columns, rows)
const pass =
  (ms: number): Step =>
  live =>
    live.pass(ms)
const name = (n: number) => `peer${String(n).padStart(4, '0')}`

/** A node that has seen something: peers connected, heard and gone, round trips, a failure. */
const swarm: Step = live =>
  live.happen(
    started,
    { type: 'listen:opened', address: say`/ip4/192.168.1.20/tcp/4001` },
    ...Array.from({ length: 8 }, (_, n) =>
      connected(name(n), n % 3 === 0 ? '日本語/1.0 😀' : 'kubo/0.38'),
    ).flat(),
    ...Array.from({ length: 12 }, (_, n) => heard(name(n + 8), `/ip4/192.168.1.${n}/tcp/4001`)),
    ...Array.from({ length: 40 }, (_, n) => pinged(name(n % 8), 1 + ((n * 37) % 50) / 7)),
    {
      type: 'peer:expired',
      peerId: peerIdOf(name(9)),
      source: 'mdns',
      addresses: [],
      reason: 'ttl',
    },
  )
const ping =
  (n: number, rttMs: number): Step =>
  live =>
    live.happen(pinged(name(n), rttMs))
const failedDial: Step = live =>
  live.happen({
    type: 'dial:failed',
    target: say`/ip4/10.0.0.9/tcp/1`,
    stage: 'connect',
    cause: say`Nobody listens there`,
    hint: say`Start it first`,
    durationMs: 12,
    attempts: [],
  })
const warning: Step = live =>
  live.happen({
    type: 'warning:raised',
    topic: 'mdns',
    cause: say`Port 5353 is taken`,
    hint: say`Stop the other program`,
  })
const cleared: Step = live => live.happen({ type: 'warning:cleared', topic: 'mdns' })

/** Relays, a DHT, streams: what the views beside the main one show. */
const reach: Step = live =>
  live.happen(
    relayedTo('far00001'),
    ...Array.from({ length: 6 }, (_, n) => stream(name(n), `/proto/${n}`)),
    ...dht(Array.from({ length: 40 }, (_, n) => [name(n), n % 7] as const)),
    reserved(name(3), live.clock.now() + 3_600_000),
    checked(say`/ip4/203.0.113.9/tcp/4001`, false, name(4)),
  )

/** What leads to each view and through it, and what is to be seen on the way. */
const VIEWS: Record<string, readonly [shows: string, ...steps: Step[]]> = {
  'the peers': [
    '▸●',
    swarm,
    ping(0, 2.5),
    ping(0, 2.6),
    press('j'),
    press('jjj'),
    press('k'),
    press('G'),
    press('g'),
    pass(3000),
  ],
  'a paged list': [
    '▸◌',
    swarm,
    press(keys.pageDown),
    press(keys.pageDown),
    press(keys.pageUp),
    press(keys.end),
    press(keys.home),
  ],
  'the log': [
    'answered in',
    swarm,
    press(keys.tab),
    ping(1, 3),
    ping(2, 4),
    press('kkk'),
    ping(1, 5),
    press('g'),
    press('G'),
    press(keys.pageUp),
  ],
  'a paused log': [
    'paused',
    swarm,
    press(keys.tab),
    press(' '),
    ping(1, 3),
    ping(1, 4),
    press(' '),
    ping(1, 5),
  ],
  'a filtered log': [
    'kind:ping',
    swarm,
    press(keys.tab),
    press('/'),
    press('k', 'i'),
    press('nd:ping'),
    press(keys.enter),
    ping(3, 1),
    press(keys.escape),
  ],
  'filtered peers': [
    '/001',
    swarm,
    press('/'),
    press('0', '0', '0'),
    press(keys.backspace),
    press('1'),
    press(keys.enter),
    ping(1, 2),
    press(keys.escape),
  ],
  'the command bar': [
    ':dial ',
    swarm,
    press(':'),
    press('d', 'i', 'a', 'l', ' '),
    press('peer'),
    press(keys.tab),
    press(keys.tab),
    press(keys.left, keys.left, keys.left),
    press('x', '日', '😀'),
    ping(2, 9),
    press(keys.ctrl('a')),
    press(keys.ctrl('k')),
    press('dial /ip4/10.1.2.3/tcp/4001/p2p/'.repeat(6)),
    press(keys.home, keys.end, keys.altBackspace),
    press(keys.escape),
  ],
  help: [
    'keep pinging',
    swarm,
    press('?'),
    press('j', 'j'),
    press(keys.pageDown),
    ping(1, 3),
    press(keys.escape),
  ],
  'help for a command': ['Help: ping', swarm, press(':help ping\r'), press('j'), press(keys.escape)],
  "a peer's details": [
    'Peer ID ',
    swarm,
    press('j', keys.enter),
    ping(1, 2),
    pass(61_000),
    press('j', 'G', 'g'),
    press(keys.escape),
  ],
  "an event's details": [
    'Nobody listens there',
    swarm,
    failedDial,
    press(keys.tab),
    press('k', keys.enter),
    ping(1, 2),
    press('j', 'j'),
    press(keys.escape),
  ],
  'the connections': [
    '/proto/1',
    swarm,
    reach,
    press('2'),
    press('jjj'),
    press(keys.pageDown),
    press('/', 'path:relayed', keys.enter),
    press(keys.enter),
    press(keys.escape, keys.escape),
    pass(61_000),
    press('G', keys.escape),
  ],
  'the routing table': [
    'Bucket 6',
    swarm,
    press('3'),
    reach,
    press('j', 'G'),
    pass(61_000),
    press('/', '003', keys.enter),
    press(keys.escape, '1'),
  ],
  'relays and reachability': [
    'Reachable through 1 relay',
    swarm,
    press('4'),
    reach,
    press('G', 'g'),
    pass(3_600_000),
    press('2', '3', '1'),
  ],
  'notices and warnings': [
    'There is no command',
    swarm,
    warning,
    press(':nonsense\r'),
    ping(1, 2),
    cleared,
    press(keys.escape),
    failedDial,
    pass(20_000),
  ],
  'other sizes': [
    'too small',
    swarm,
    resize(40, 10),
    ping(1, 2),
    press(keys.tab),
    resize(39, 9),
    ping(1, 3),
    resize(20, 5),
    resize(80, 30),
    press('?'),
    resize(200, 60),
    press(keys.escape),
    ping(1, 4),
    resize(99, 30),
    resize(100, 30),
    press(':', 'dial '),
    resize(60, 20),
    resize(120, 40),
    press(keys.escape),
  ],
}

/** A few steps of all of them. */
const TOUR = [
  swarm,
  ping(0, 2.5),
  press('j', 'j'),
  press(':', 'dial peer'),
  press(keys.tab),
  ping(1, 3),
  press(keys.escape, keys.enter),
  ping(1, 4),
  press(keys.escape, keys.tab),
  ping(1, 5),
  press(' '),
  press('k', keys.enter),
  press(keys.escape, '?'),
  warning,
  press(keys.escape, ':nonsense\r'),
  ping(0, 7),
  reach,
  press('2', 'j'),
  press('3', 'j'),
  press('4', 'G'),
  press('1'),
]

const SETTINGS = {
  '80x24': { columns: 80, rows: 24 },
  'the panes stacked': { columns: 80, rows: 40 },
  narrow: { columns: 40, rows: 10 },
  'too small': { columns: 30, rows: 8 },
  '200x60': { columns: 200, rows: 60 },
  'no colours': { columns: 100, rows: 30, colour: false, theme: monochromeTheme },
  'ASCII signs': { columns: 100, rows: 30, session: { glyphs: asciiGlyphs } },
}

type Options = Parameters<typeof liveScreen>[0]

/** Takes the steps on two terminals, and fails where they look different. Gives all that was to be seen. */
async function alike(options: Options, steps: readonly Step[]): Promise<string> {
  const plain = await liveScreen({ ...options, writer: 'ink' })
  const screen = await liveScreen({ ...options, writer: 'screen' })
  let seen = ''
  for (const step of [() => Promise.resolve(), ...steps]) {
    await step(plain)
    await step(screen)
    expect(screen.terminal.picture()).toEqual(plain.terminal.picture())
    seen += screen.terminal.screen().join('\n')
  }
  return seen
}

describe('the screen looks as Ink alone would draw it', () => {
  it.each(Object.keys(VIEWS))('in %s', async view => {
    const [shows, ...steps] = VIEWS[view] ?? ['']
    const seen = await alike({ columns: 120, rows: 40 }, steps)
    expect(seen.includes(shows), shows).toBe(true)
  })

  it.each(Object.keys(SETTINGS))('all around: %s', async setting => {
    await alike(SETTINGS[setting as keyof typeof SETTINGS], TOUR)
  })
})
