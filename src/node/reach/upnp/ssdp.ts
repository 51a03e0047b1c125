import { createSocket, type RemoteInfo, type Socket } from 'node:dgram'
import { BlockList } from 'node:net'
import { networkInterfaces } from 'node:os'
import type { Cancel, Clock } from '../../../core/clock.ts'

/** SSDP (UPnP Device Architecture 1.1, section 1.3): where gateways are searched for. */
const GROUP = '239.255.255.250'
const PORT = 1900
/** A gateway of the second version answers to the first too; some answer to the name of the service only. */
const TARGETS = [
  'urn:schemas-upnp-org:device:InternetGatewayDevice:1',
  'urn:schemas-upnp-org:service:WANIPConnection:1',
]
/** Devices spread their answers over so many seconds. */
const SPREAD_S = 1
/** Packets get lost: the question is sent so often, with so much time between, in ms. */
const SENDS = 3
const SEND_MS = 500
/** When no answer is waited for any more, in ms. */
const SEARCH_MS = 4_000

/** Any machine may answer as often as it likes, each time with another description: so many are taken of one. */
const MOST_OF_A_HOST = 2
/** So many descriptions are taken of all machines together. */
const MOST_GATEWAYS = 16
/** So many answers are looked at, of one machine and of all. */
const MOST_ANSWERS = { ofAHost: 8, ofAll: 512 }

/** A device that says it is a gateway. */
export interface FoundGateway {
  /** Of its description: an http URL at the very host that answered. */
  location: URL
  /** Our address on its network. */
  ownHost: string
}

/** What a search works with. */
export interface SearchOptions {
  clock: Clock
  signal: AbortSignal
}

/**
 * Searches all IPv4 networks that this machine is in for Internet gateways, by multicast that no router passes on.
 *
 * @returns those that answered, each once, as soon as the first did and the next send was due
 */
export async function searchGateways({ clock, signal }: SearchOptions): Promise<FoundGateway[]> {
  const answers = new Answers()
  const sockets = (await Promise.all(ownNetworks().map(open))).filter(socket => socket !== undefined)
  for (const { socket, host, network } of sockets) {
    socket.on('message', (message, from) => {
      // Who sends a packet can write any sender on it, and would have us speak HTTP to that.
      if (!network.check(from.address) || !answers.mayTake(from.address)) return
      const location = locationIn(message.toString('latin1'), from)
      if (location !== undefined) answers.take({ location, ownHost: host })
    })
  }
  const send = (): void => {
    for (const { socket } of sockets) {
      for (const target of TARGETS) socket.send(question(target), PORT, GROUP, () => {})
    }
  }
  try {
    send()
    await turns({ clock, signal }, turn => {
      if (turn < SENDS) send()
      return answers.found.length > 0
    })
  } finally {
    for (const { socket } of sockets) socket.close()
  }
  return answers.found
}

/** What was answered to one search. What one machine says leaves room for others. */
class Answers {
  readonly found: FoundGateway[] = []
  readonly #byHost = new Map<string, number>()
  #count = 0

  /** Whether there is time to look at one more answer of a host. */
  mayTake(host: string): boolean {
    const ofHost = this.#byHost.get(host) ?? 0
    if (ofHost >= MOST_ANSWERS.ofAHost || this.#count >= MOST_ANSWERS.ofAll) return false
    this.#byHost.set(host, ofHost + 1)
    this.#count += 1
    return true
  }

  /** Takes a device, unless it is there already or its host has had its share. */
  take(gateway: FoundGateway): void {
    const { href, hostname } = gateway.location
    const ofHost = this.found.filter(({ location }) => location.hostname === hostname)
    if (ofHost.some(({ location }) => location.href === href)) return
    if (ofHost.length < MOST_OF_A_HOST && this.found.length < MOST_GATEWAYS) this.found.push(gateway)
  }
}

/** Resolves once `enough` says so at a turn, the search is over, or nobody wants it any more. */
function turns({ clock, signal }: SearchOptions, enough: (turn: number) => boolean): Promise<void> {
  return new Promise(resolve => {
    let turn = 0
    let cancel: Cancel = () => {}
    const end = (): void => {
      cancel()
      signal.removeEventListener('abort', end)
      resolve()
    }
    cancel = clock.every(SEND_MS, () => {
      turn += 1
      if (enough(turn) || turn * SEND_MS >= SEARCH_MS) end()
    })
    signal.addEventListener('abort', end)
    if (signal.aborted) end()
  })
}

/** An IPv4 network that this machine is in, and its address there. */
interface OwnNetwork {
  host: string
  network: BlockList
}

function ownNetworks(): OwnNetwork[] {
  return Object.values(networkInterfaces())
    .flatMap((addresses = []) => addresses)
    .filter(
      ({ family, internal, address }) => family === 'IPv4' && !internal && !address.startsWith('169.254.'),
    )
    .map(({ address, cidr }) => {
      const network = new BlockList()
      network.addSubnet(address, Number(cidr?.split('/')[1] ?? 32))
      return { host: address, network }
    })
}

/** A socket on one of our addresses; undefined where that is not to be had, e.g. of an interface just gone. */
function open({ host, network }: OwnNetwork): Promise<({ socket: Socket } & OwnNetwork) | undefined> {
  return new Promise(resolve => {
    const socket = createSocket('udp4')
    socket.once('error', () => {
      socket.close()
      resolve(undefined)
    })
    socket.bind(0, host, () => {
      socket.removeAllListeners('error')
      // An interface that goes down while we search: nobody answers there.
      socket.on('error', () => {})
      socket.setMulticastInterface(host)
      socket.setMulticastTTL(2)
      resolve({ socket, host, network })
    })
  })
}

function question(target: string): string {
  return [
    'M-SEARCH * HTTP/1.1',
    `HOST: ${GROUP}:${PORT}`,
    'MAN: "ssdp:discover"',
    `MX: ${SPREAD_S}`,
    `ST: ${target}`,
    '',
    '',
  ].join('\r\n')
}

/** Where the answering device describes itself. Whoever points to another host would have us send requests there. */
function locationIn(answer: string, from: RemoteInfo): URL | undefined {
  if (!/^HTTP\/1\.[01] 200/.test(answer)) return undefined
  const url = URL.parse(/^location:\s*(\S+)/im.exec(answer)?.[1] ?? '')
  return url?.protocol === 'http:' && url.hostname === from.address ? url : undefined
}
