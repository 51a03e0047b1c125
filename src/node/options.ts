/** How a node is to be: plain data that crosses to its thread. */
export interface NodeOptions {
  /** Multiaddrs to listen on. */
  listen: readonly string[]
  /** Name of the profile: which identity and address book. */
  profile: string
  /** Where profiles are kept. @default the platform's data directory */
  dataDir?: string
  /** True: a new identity for this run, and nothing is kept. */
  ephemeral: boolean
  /** Discovery on the local network. */
  mdns: boolean
  /** A peer not heard for so long has expired. */
  mdnsTtlMs: number
  /** Dials peers as they are discovered. */
  autoDial: boolean
  /** Each connected peer is pinged at this interval, which is what a resting node does most; 0: never. */
  pingIntervalMs: number
}

/** What holds where nobody has chosen otherwise. */
export const DEFAULT_NODE_OPTIONS: NodeOptions = {
  listen: ['/ip4/0.0.0.0/tcp/0', '/ip6/::/tcp/0'],
  profile: 'default',
  ephemeral: false,
  mdns: true,
  mdnsTtlMs: 30_000,
  autoDial: false,
  pingIntervalMs: 60_000,
}
