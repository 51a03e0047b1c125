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
