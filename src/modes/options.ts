/** The program's options: one table, from which flags, their environment twins and the keys of a file come. */
import { type SafeText, safeText, say } from '../core/safe-text.ts'

/** What was given in one place (flags, environment, a file); absent: not said there. */
export interface Given {
  listen?: readonly string[]
  dial?: readonly string[]
  mdns?: boolean
  profile?: string
  ephemeral?: boolean
  dataDir?: string
  config?: string
  demo?: boolean
  logFile?: string
  color?: boolean
  headless?: boolean
  json?: boolean
  autoDial?: boolean
  /** `lan`, `public` or the protocol id of a DHT. */
  dht?: string
  dhtServer?: boolean
  bootstrap?: readonly string[]
  public?: boolean
  announce?: readonly string[]
  autonat?: boolean
  autonatServer?: boolean
  upnp?: boolean
  relay?: readonly string[]
  relayServer?: boolean
  /** Limits of the relay server. */
  relayReservations?: number
  /** A peer. */
  relayCircuits?: number
  /** Seconds. */
  relayDuration?: number
  /** Bytes each way. */
  relayData?: number
  /** Limits: counts of what may be at once. */
  maxConnections?: number
  maxPerHost?: number
  /** A second. */
  maxHostRate?: number
  maxPending?: number
  maxDials?: number
  /** Of one connection. */
  maxStreams?: number
  /** Seconds. */
  pingInterval?: number
  /** Seconds. */
  mdnsTtl?: number
}

/** One option: its flag, what it takes, and its line in help. */
export interface OptionSpec {
  key: keyof Given
  /** After the two dashes. */
  flag: string
  kind: 'on' | 'off' | 'text' | 'texts' | 'seconds' | 'count'
  /** What stands for its value in help. */
  value?: string
  summary: string
  /** For seconds and counts. */
  range?: { least: number; most: number; orZero?: boolean }
}

const DAY = 86_400
/** More than one process can have, and more than a flood needs. */
const MOST = 100_000

/** In the order in which help shows them. */
export const OPTIONS: readonly OptionSpec[] = [
  {
    key: 'listen',
    flag: 'listen',
    kind: 'texts',
    value: '<multiaddr>',
    summary: 'where to listen; may be repeated (every IPv4 and IPv6 address, any port)',
  },
  {
    key: 'mdns',
    flag: 'no-mdns',
    kind: 'off',
    summary: 'neither listen for peers nor announce on the local network',
  },
  {
    key: 'dht',
    flag: 'dht',
    kind: 'text',
    value: '<which>',
    summary: 'take part in a DHT: lan, public, or its protocol id (none)',
  },
  { key: 'dhtServer', flag: 'dht-server', kind: 'on', summary: 'answer the DHT questions of others too' },
  {
    key: 'bootstrap',
    flag: 'bootstrap',
    kind: 'texts',
    value: '<multiaddr>',
    summary: 'connect to this peer at the start; may be repeated',
  },
  {
    key: 'public',
    flag: 'public',
    kind: 'on',
    summary: 'join the public network: --dht public, its well-known bootstrap peers, and --autonat',
  },
  { key: 'autoDial', flag: 'auto-dial', kind: 'on', summary: 'dial peers as they are discovered' },
  {
    key: 'announce',
    flag: 'announce',
    kind: 'texts',
    value: '<multiaddr>',
    summary: 'an address to tell others, e.g. that of a port forwarded to this node; may be repeated',
  },
  {
    key: 'autonat',
    flag: 'autonat',
    kind: 'on',
    summary: 'tell connected peers our public addresses and ask them to dial back, to know whether they can',
  },
  {
    key: 'autonatServer',
    flag: 'autonat-server',
    kind: 'on',
    summary: 'dial back those who ask that of us',
  },
  {
    key: 'upnp',
    flag: 'upnp',
    kind: 'on',
    summary: 'have the router forward the ports that we listen on, until the end',
  },
  {
    key: 'relay',
    flag: 'relay',
    kind: 'texts',
    value: '<multiaddr>',
    summary:
      'a relay to reserve at, to be reachable through it, or auto: at connected peers; may be repeated',
  },
  {
    key: 'relayServer',
    flag: 'relay-server',
    kind: 'on',
    summary: 'be a relay for others, within the limits below',
  },
  {
    key: 'relayReservations',
    flag: 'relay-reservations',
    kind: 'count',
    value: '<n>',
    summary: 'how many peers may hold a reservation here at once (128)',
    range: { least: 1, most: 10_000 },
  },
  {
    key: 'relayCircuits',
    flag: 'relay-circuits',
    kind: 'count',
    value: '<n>',
    summary: 'how many relayed connections one peer may have here (16)',
    range: { least: 1, most: 10_000 },
  },
  {
    key: 'relayDuration',
    flag: 'relay-duration',
    kind: 'seconds',
    value: '<s>',
    summary: 'how long a relayed connection may last, in seconds (120)',
    range: { least: 1, most: DAY },
  },
  {
    key: 'relayData',
    flag: 'relay-data',
    kind: 'count',
    value: '<bytes>',
    summary: 'how much a relayed connection may carry each way, in bytes (131072)',
    range: { least: 1024, most: 2 ** 40 },
  },
  {
    key: 'profile',
    flag: 'profile',
    kind: 'text',
    value: '<name>',
    summary: 'which identity and address book (default)',
  },
  { key: 'ephemeral', flag: 'ephemeral', kind: 'on', summary: 'a new identity for this run, kept nowhere' },
  { key: 'dataDir', flag: 'data-dir', kind: 'text', value: '<dir>', summary: 'where profiles are kept' },
  { key: 'config', flag: 'config', kind: 'text', value: '<file>', summary: 'options from a JSON file' },
  {
    key: 'pingInterval',
    flag: 'ping-interval',
    kind: 'seconds',
    value: '<s>',
    summary: 'how often each connected peer is pinged, in seconds; 0: never (60)',
    range: { least: 1, most: DAY, orZero: true },
  },
  {
    key: 'mdnsTtl',
    flag: 'mdns-ttl',
    kind: 'seconds',
    value: '<s>',
    summary: 'a peer not heard for so many seconds has expired (30)',
    range: { least: 1, most: DAY },
  },
  {
    key: 'maxConnections',
    flag: 'max-connections',
    kind: 'count',
    value: '<n>',
    summary: 'connections open at once; a tenth is kept for our own dials (1000)',
    range: { least: 2, most: MOST },
  },
  {
    key: 'maxPerHost',
    flag: 'max-per-host',
    kind: 'count',
    value: '<n>',
    summary: 'connections that one host may have open; an IPv6 /64 is one host (500)',
    range: { least: 1, most: MOST },
  },
  {
    key: 'maxHostRate',
    flag: 'max-host-rate',
    kind: 'count',
    value: '<n>',
    summary: 'connections that one host may begin a second (200)',
    range: { least: 1, most: MOST },
  },
  {
    key: 'maxPending',
    flag: 'max-pending',
    kind: 'count',
    value: '<n>',
    summary: 'handshakes of others at once (400)',
    range: { least: 1, most: MOST },
  },
  {
    key: 'maxDials',
    flag: 'max-dials',
    kind: 'count',
    value: '<n>',
    summary: 'dials of ours at once; four times as many may wait (100)',
    range: { least: 1, most: MOST },
  },
  {
    key: 'maxStreams',
    flag: 'max-streams',
    kind: 'count',
    value: '<n>',
    summary: 'streams that a peer may have open on one connection (256)',
    range: { least: 8, most: MOST },
  },
  { key: 'headless', flag: 'headless', kind: 'on', summary: 'no screen: log what happens as lines' },
  { key: 'json', flag: 'json', kind: 'on', summary: 'no screen: one JSON object a line' },
  {
    key: 'logFile',
    flag: 'log-file',
    kind: 'text',
    value: '<file>',
    summary: 'append every event to a file, one JSON object a line',
  },
  { key: 'demo', flag: 'demo', kind: 'on', summary: 'a made-up network instead of a node' },
  { key: 'color', flag: 'no-color', kind: 'off', summary: 'no colours; NO_COLOR does the same' },
]

/** Something that the person has to write in another way: exit code 2. */
export class UsageProblem extends Error {
  override readonly name = 'UsageProblem'
  readonly text: SafeText
  /** What to write instead; absent: help tells. */
  readonly hint: SafeText | undefined

  constructor(text: SafeText, hint?: SafeText) {
    super(text)
    this.text = text
    this.hint = hint
  }
}

/** The environment twin of an option: `P2P_TUI_` and its flag, `--log-file` being `P2P_TUI_LOG_FILE`. */
export function envName({ flag }: OptionSpec): string {
  return `P2P_TUI_${flag.toUpperCase().replaceAll('-', '_')}`
}

/** Seconds or a count as a person wrote it, if the option takes so many. Otherwise what it takes. */
export function readNumber(text: string, { kind, range }: OptionSpec): number | { problem: SafeText } {
  const { least, most, orZero } = range ?? { least: 0, most: DAY }
  const number = Number(text)
  const inRange = (number >= least && number <= most) || (orZero === true && number === 0)
  const written = kind === 'count' ? /^\d+$/ : /^(\d+(\.\d*)?|\.\d+)$/
  if (written.test(text.trim()) && inRange) return number
  const zero = orZero === true ? say`0 or ` : say``
  const what = kind === 'count' ? say`a whole number` : say`a number of seconds`
  return { problem: say`must be ${zero}${what} from ${least} to ${most}` }
}

const YES = ['1', 'true', 'yes', 'on']
const NO = ['0', 'false', 'no', 'off']

/**
 * What the environment says. A variable that is set to nothing is not set. Lists are separated by blanks or commas.
 *
 * @throws {UsageProblem} naming the variable whose value cannot be used
 */
export function givenByEnv(env: Readonly<Record<string, string | undefined>>): Given {
  const given: Record<string, unknown> = {}
  for (const option of OPTIONS) {
    const text = env[envName(option)]?.trim() ?? ''
    if (text !== '') given[option.key] = readEnv(text, option)
  }
  // https://no-color.org: present and not empty, whatever its value.
  if ((env.NO_COLOR ?? '') !== '') given.color = false
  return given
}

function readEnv(text: string, option: OptionSpec): string | number | boolean | string[] {
  const wrong = (problem: SafeText) =>
    new UsageProblem(say`${safeText(envName(option))} ${problem}, not "${safeText(text)}"`)
  switch (option.kind) {
    case 'text':
      return text
    case 'texts':
      return text.split(/[\s,]+/).filter(part => part !== '')
    case 'count':
    case 'seconds': {
      const number = readNumber(text, option)
      if (typeof number === 'number') return number
      throw wrong(number.problem)
    }
    default: {
      const word = text.toLowerCase()
      if (!YES.includes(word) && !NO.includes(word)) throw wrong(say`must be 1 or 0`)
      return YES.includes(word) === (option.kind === 'on')
    }
  }
}
