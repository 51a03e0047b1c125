import type { Limits } from '../core/limit-terms.ts'

/** How a node is to be: plain data that crosses to its thread. */
export interface NodeOptions {
  /** Multiaddrs to listen on. */
  listen: readonly string[]
  /** Name of the profile: which identity and address book. */
  profile: string
  /** Where profiles are kept. @default the platform's data directory */
  dataDir?: string
  /** File that every event is appended to, a JSON object a line. Absent: none. */
  logFile?: string
  /** True: a new identity for this run, and nothing is kept. */
  ephemeral: boolean
  /** Discovery on the local network. */
  mdns: boolean
  /** True: no network at all, only the address book of the profile can be read and changed. @default false */
  offline?: boolean
  /** A peer not heard for so long has expired. */
  mdnsTtlMs: number
  /** Dials peers as they are discovered. */
  autoDial: boolean
  /** Relays to reserve at: multiaddrs with or without /p2p-circuit. Absent: none. */
  relays?: readonly string[]
  /** Multiaddrs that are told to others beside those that the node listens on. Absent: none. */
  announce?: readonly string[]
  /** Asks connected peers whether they can dial us back (AutoNAT). Absent: no. */
  autonat?: boolean
  /** Dials back those who ask whether they can be reached (AutoNAT). Absent: no. */
  autonatServer?: boolean
  /** Has the router forward the ports that we listen on (UPnP). Absent: no. */
  upnp?: boolean
  /** True: reserves at relays among the connected peers, too. */
  autoRelay?: boolean
  /** Set: this node is a relay for others, within these limits. */
  relayServer?: RelayServerOptions
  /** Set: this node takes part in a DHT. */
  dht?: DhtOptions
  /** Multiaddrs of peers to connect to at the start. */
  bootstrap: readonly string[]
  /** Beyond which connections, dials and streams are refused. */
  limits: Limits
  /** Each connected peer is pinged at this interval, which is what a resting node does most; 0: never. */
  pingIntervalMs: number
}

/** Which DHT, and as what. */
export interface DhtOptions {
  /** `lan`: that of the local network; `public`: that of IPFS; otherwise the protocol id of one. */
  network: string
  /** True: answers the questions of others and keeps records for them; false: only asks. */
  server: boolean
}

/** What a relay gives others. */
export interface RelayServerOptions {
  /** How many may have a reservation at once. */
  reservations: number
  /** How long a reservation lasts that is not renewed, in ms. */
  reservationMs: number
  /** How many relayed connections one peer may have, those that it dialed and those to it. */
  circuits: number
  /** What one relayed connection may carry each way, in bytes, and how long it may last, in ms. */
  connectionBytes: number
  connectionMs: number
}

/** Small: enough for identify, pings and hole punching, too little to carry traffic for strangers. */
export const DEFAULT_RELAY_SERVER: RelayServerOptions = {
  reservations: 128,
  reservationMs: 60 * 60_000,
  circuits: 16,
  connectionBytes: 128 * 1024,
  connectionMs: 2 * 60_000,
}

/** What a monitor needs, and what a flood from one host may take of it. */
export const DEFAULT_LIMITS: Limits = {
  // As many peers as a person can make sense of, at about 25 kB each.
  connections: 1_000,
  // Half of all: one host cannot keep all others out, and a crowd of test nodes on this machine has room.
  perHost: 500,
  // A handshake costs some 5 ms: a second of work for each second of a flood.
  hostRate: 200,
  // What a second brings from one host, and as much again from others.
  pending: 400,
  // As libp2p has it.
  dials: 100,
  // What one peer has open of all protocols together is some ten; each may hold 256 KiB that wait to be read.
  streams: 256,
}

/** What holds where nobody has chosen otherwise. */
export const DEFAULT_NODE_OPTIONS: NodeOptions = {
  listen: ['/ip4/0.0.0.0/tcp/0', '/ip6/::/tcp/0'],
  profile: 'default',
  ephemeral: false,
  mdns: true,
  mdnsTtlMs: 30_000,
  autoDial: false,
  bootstrap: [],
  limits: DEFAULT_LIMITS,
  pingIntervalMs: 60_000,
}
