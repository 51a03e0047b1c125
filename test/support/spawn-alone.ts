import { type ChildProcess, type SpawnOptions, spawn, spawnSync } from 'node:child_process'

/** Loopback, and multicast there as mDNS needs it. */
const LOOPBACK = ['ip link set lo up', 'ip link set lo multicast on', 'ip route add 224.0.0.0/4 dev lo']
/** The last process that is gone takes the namespace with it, and the first one takes all others. */
const OWN = ['--net', '--pid', '--fork', '--kill-child', '--mount-proc']
const AS_USER = ['--user', '--map-root-user']

export interface AloneOptions extends SpawnOptions {
  /** Networks whose addresses are all loopback's too, e.g. 45.33.0.0/16. */
  networks?: readonly string[]
}

/**
 * Starts a program that has a network of its own, of which no packet leaves the machine, and process ids of its own: when it
 * ends, or is killed, so does all that it has started.
 *
 * @throws when this machine can make no namespaces
 */
export function spawnAlone(
  words: readonly string[],
  { networks = [], ...options }: AloneOptions = {},
): ChildProcess {
  const setUp = [...LOOPBACK, ...networks.map(network => `ip addr add ${network} dev lo`)].join(' && ')
  return spawn('unshare', [...asWhom(), ...OWN, 'sh', '-c', `${setUp} && exec "$@"`, 'sh', ...words], options)
}

/** How namespaces can be made here. @throws when they cannot */
function asWhom(): string[] {
  let why = 'only Linux has them'
  for (const user of process.platform === 'linux' ? [[], AS_USER] : []) {
    const tried = spawnSync('unshare', [...user, ...OWN, 'sh', '-c', LOOPBACK.join(' && ')], {
      encoding: 'utf8',
    })
    if (tried.status === 0) return user
    why = tried.error?.message ?? tried.stderr.trim()
  }
  throw new Error(`no network namespace: ${why}`)
}
