/**
 * Hosts made of network namespaces: real processes with a network of their own, from which no packet leaves the machine.
 *
 *     describeInNetns('two nodes', () => {
 *       it('hear each other', () =>
 *         withTwoHosts(async (left, right) => {
 *           const node = left.node('dist/cli.js', ['--headless', '--json'])
 *           ...
 *         }))
 *     })
 *
 * Everything that a lab has started ends with it, at the latest when the test ends. The namespaces live as long as the
 * process that keeps each, and that ends when its standard input does; so even a killed test run leaves nothing behind.
 * Names are local to a namespace, so tests may run in parallel.
 *
 * Needs Linux, `unshare`, `nsenter` and `ip`, and either user namespaces or root. See {@link describeInNetns} for
 * machines without.
 */
import { type ChildProcess, type SpawnOptions, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { describe, onTestFinished } from 'vitest'

const AS_USER = { unshare: ['--user', '--map-root-user'], nsenter: ['--user', '--preserve-credentials'] }
const AS_ROOT = { unshare: [], nsenter: [] }

const { flags, reason } = probe()

/** Why this machine can make no namespace; undefined when it can. */
export const noNamespaces: string | undefined = reason

/**
 * `describe` for tests in namespaces. Where none can be made they are skipped and their title says why; but when the
 * environment variable CI is set they run, and fail.
 */
export function describeInNetns(name: string, body: () => void): void {
  if (noNamespaces === undefined || process.env.CI) describe(name, body)
  else describe.skip(`${name} (no network namespace: ${noNamespaces})`, body)
}

function probe(): { flags: typeof AS_USER; reason?: string } {
  let reason = 'Linux only'
  if (process.platform !== 'linux') return { flags: AS_ROOT, reason }
  for (const candidate of process.getuid?.() === 0 ? [AS_USER, AS_ROOT] : [AS_USER]) {
    const tried = spawnSync(
      'unshare',
      [...candidate.unshare, '--net', 'sh', '-c', 'command -v nsenter && ip link set lo up'],
      { encoding: 'utf8' },
    )
    if (tried.status === 0) return { flags: candidate }
    reason = (tried.error?.message ?? tried.stderr.trim()) || 'nsenter is missing'
  }
  return { flags: AS_ROOT, reason }
}

/** A process that does nothing but keep its namespace; its shell commands run first. */
async function keeper(command: string, args: string[], setUp: string): Promise<ChildProcess> {
  const child = spawn(command, [...args, 'sh', '-c', `${setUp}\necho ready; exec cat`], {
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  let errors = ''
  child.stderr.on('data', chunk => {
    errors += chunk
  })
  const first = await Promise.race([once(child.stdout, 'data'), once(child, 'exit'), once(child, 'error')])
  if (!String(first[0]).includes('ready')) throw new Error(`no network namespace: ${errors || first[0]}`)
  return child
}

/** One machine: a network namespace of its own with loopback up. */
export class Host {
  /** The host's interfaces that {@link Lab.connect} has made, with their addresses. */
  readonly interfaces: { name: string; ipv4?: string; ipv6?: string }[] = []
  readonly #keeper: ChildProcess
  readonly #started = new Set<ChildProcess>()

  constructor(keeper: ChildProcess) {
    this.#keeper = keeper
  }

  /** Keeps the namespace; its id names the namespace to `nsenter` and `ip`. */
  get pid(): number {
    return this.#keeper.pid!
  }

  /**
   * Starts a program on this host; all three standard streams are pipes unless told otherwise. The child's id is the
   * program's own, so signals go to it directly.
   */
  spawn(command: string, args: readonly string[] = [], options: SpawnOptions = {}): ChildProcess {
    const child = spawn('nsenter', [...this.#enter(), command, ...args], { stdio: 'pipe', ...options })
    this.#started.add(child)
    child.once('exit', () => this.#started.delete(child))
    return child
  }

  /** {@link spawn} of a JavaScript or TypeScript file with this Node.js. */
  node(file: string, args: readonly string[] = [], options: SpawnOptions = {}): ChildProcess {
    return this.spawn(process.execPath, [file, ...args], options)
  }

  /** For programs that start others themselves (a pseudo-terminal): the words to put before theirs. */
  prefix(): [command: string, ...args: string[]] {
    return ['nsenter', ...this.#enter()]
  }

  /** Runs a shell command to its end, gives its output. @throws Error with what it said on stderr */
  async run(script: string): Promise<string> {
    const child = this.spawn('sh', ['-ec', script])
    let output = ''
    let errors = ''
    child.stdout?.on('data', chunk => {
      output += chunk
    })
    child.stderr?.on('data', chunk => {
      errors += chunk
    })
    const [status] = await once(child, 'close')
    if (status !== 0) throw new Error(`${script}: ${errors}`)
    return output
  }

  /** Kills all that runs here; the namespace goes with it. */
  async close(): Promise<void> {
    const all = [...this.#started, this.#keeper].filter(child => child.exitCode === null && !child.signalCode)
    await Promise.all(
      all.map(child => {
        const gone = once(child, 'exit')
        child.kill('SIGKILL')
        return gone
      }),
    )
  }

  #enter(): string[] {
    return ['--target', String(this.pid), ...flags.nsenter, '--net', '--']
  }
}

export interface HostOptions {
  /**
   * Gives loopback the multicast flag and the route that stock mDNS programs need when there is no other interface.
   * @default true
   */
  multicast?: boolean
  /** False: loopback stays down. @default true */
  loopback?: boolean
}

export interface CableOptions {
  /** Addresses of both ends; true: 10.77.n.1 and .2. The network has 24 bits. @default true */
  ipv4?: boolean | readonly [left: string, right: string]
  /** @default true */
  ipv6?: boolean
}

/** Some hosts and the cables between them. */
export class Lab {
  readonly #plumbing: Host
  readonly #hosts: Host[] = []
  #cables = 0

  private constructor(plumbing: Host) {
    this.#plumbing = plumbing
  }

  /** @throws Error when this machine cannot make namespaces */
  static async open(): Promise<Lab> {
    if (noNamespaces !== undefined) throw new Error(`no network namespace: ${noNamespaces}`)
    return new Lab(new Host(await keeper('unshare', [...flags.unshare, '--net'], '')))
  }

  async host({ multicast = true, loopback = true }: HostOptions = {}): Promise<Host> {
    const setUp = [
      // An IPv6 address is usable at once, without looking for duplicates for a second or two.
      '(echo 0 > /proc/sys/net/ipv6/conf/default/accept_dad) 2>/dev/null || true',
      loopback ? 'ip link set lo up' : '',
      loopback && multicast ? 'ip link set lo multicast on; ip route add 224.0.0.0/4 dev lo' : '',
    ].join('\n')
    const [command, ...args] = this.#plumbing.prefix()
    const host = new Host(await keeper(command, [...args, 'unshare', '--net'], setUp))
    this.#hosts.push(host)
    return host
  }

  /**
   * Lays a cable (a veth pair) between two hosts. Each end is called eth0, eth1 ... on its host. Cable number n has
   * the addresses 10.77.n.1 and .2 with fd77:n::1 and ::2; multicast of programs that leave the interface to the routes
   * goes to eth0.
   */
  async connect(left: Host, right: Host, { ipv4 = true, ipv6 = true }: CableOptions = {}): Promise<void> {
    this.#cables += 1
    const ends = [left, right].map((host, index) => ({
      host,
      name: `eth${host.interfaces.length}`,
      ...(ipv4 ? { ipv4: ipv4 === true ? `10.77.${this.#cables}.${index + 1}` : ipv4[index]! } : {}),
      ...(ipv6 ? { ipv6: `fd77:${this.#cables}::${index + 1}` } : {}),
    }))
    const [a, b] = ends
    await this.#plumbing.run(
      `ip link add ${a!.name} netns ${left.pid} type veth peer name ${b!.name} netns ${right.pid}`,
    )
    for (const { host, ...end } of ends) {
      const { name } = end
      await host.run(
        [
          ipv6 ? '' : `(echo 1 > /proc/sys/net/ipv6/conf/${name}/disable_ipv6) || true`,
          ipv4 ? `ip addr add ${end.ipv4}/24 dev ${name}` : '',
          `ip link set ${name} up`,
          ipv6 ? `ip addr add ${end.ipv6}/64 dev ${name} nodad` : '',
          ipv4 && name === 'eth0' ? 'ip route replace 224.0.0.0/4 dev eth0' : '',
        ].join('\n'),
      )
      host.interfaces.push(end)
    }
  }

  /** Ends every process on every host. May be called again. */
  async close(): Promise<void> {
    await Promise.all([...this.#hosts, this.#plumbing].map(host => host.close()))
  }
}

/** Runs `body` with a lab, within one test, and closes it however that test ends, its time-out included. */
export async function withLab<T>(body: (lab: Lab) => Promise<T>): Promise<T> {
  const lab = await Lab.open()
  onTestFinished(() => lab.close())
  return await body(lab)
}

/** One host that has loopback only. */
export function withHost<T>(body: (host: Host) => Promise<T>, options?: HostOptions): Promise<T> {
  return withLab(async lab => body(await lab.host(options)))
}

/** Two hosts on one cable. */
export function withTwoHosts<T>(
  body: (left: Host, right: Host) => Promise<T>,
  options?: CableOptions,
): Promise<T> {
  return withLab(async lab => {
    const [left, right] = await Promise.all([lab.host(), lab.host()])
    await lab.connect(left, right, options)
    return await body(left, right)
  })
}

/** Three hosts in a row: the middle one has two interfaces, and the outer ones do not see each other. */
export function withThreeHosts<T>(
  body: (left: Host, middle: Host, right: Host) => Promise<T>,
  options?: CableOptions,
): Promise<T> {
  return withLab(async lab => {
    const [left, middle, right] = await Promise.all([lab.host(), lab.host(), lab.host()])
    await lab.connect(left, middle, options)
    await lab.connect(middle, right, options)
    return await body(left, middle, right)
  })
}
