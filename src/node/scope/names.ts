import type { LookupAddress } from 'node:dns'
import { lookup, Resolver } from 'node:dns/promises'
import type { LookupFunction } from 'node:net'
import type { MultiaddrResolver } from '@libp2p/interface'
import { type Multiaddr, multiaddr } from '@multiformats/multiaddr'
import { seen } from '../errors/seen.ts'
import type { GivenAddresses } from './given.ts'
import { type Scope, scopeOfIp, scopeOfName } from './scope.ts'
import { mayName } from './vantage.ts'

/** A name server that is asked once more has had this long before, in ms. */
const TRY_MS = 2_000
const TRIES = 2
/** So long all questions for one `dnsaddr` may take, so many they may be, and so deep one may lead to the next. */
const DNSADDR_MS = 8_000
const MOST_QUESTIONS = 16
const MOST_DEEP = 4
/** So many addresses come of one name, and so long a record may be, in characters. */
const MOST_ADDRESSES = 32
const MOST_CHARACTERS = 1_024

/** What is asked of name servers. */
export type NameServers = Pick<Resolver, 'resolve4' | 'resolve6' | 'resolveTxt'>

/** A name leads where whoever gave it may not send us. */
export class NameScopeError extends Error {
  override readonly name = 'NameScopeError'

  constructor(host: string, found: readonly string[]) {
    super(`${host} leads to ${found.slice(0, 4).join(', ')}`)
  }
}

/**
 * Looks up the names in addresses. Whoever owns a name decides what it means, and may change that from one moment to the
 * next, so each dial looks at what it got: a public name of which a stranger told leads to public addresses, or nowhere.
 * What a person gave is looked up as the system does, and leads anywhere.
 *
 * Strangers' names are not asked for with the system's own function, which keeps a thread of the few that there are for as
 * long as a name server pleases.
 */
export class Names {
  readonly #given: Pick<GivenAddresses, 'has'>
  readonly #servers: NameServers

  /** @param servers @default those of the system */
  constructor(
    given: Pick<GivenAddresses, 'has'>,
    servers: NameServers = new Resolver({ timeout: TRY_MS, tries: TRIES }),
  ) {
    this.#given = given
    this.#servers = servers
  }

  /** How the name in an address is to be looked up; undefined: as the system does. */
  lookupFor(address: Multiaddr): LookupFunction | undefined {
    const [host] = address.getComponents()
    const isName = host?.name === 'dns' || host?.name === 'dns4' || host?.name === 'dns6'
    if (!isName || this.#given.has(address)) return undefined
    const scope = scopeOfName(host.value ?? '')
    const families = host.name === 'dns4' ? [4] : host.name === 'dns6' ? [6] : [4, 6]
    return (name, options, done) => {
      this.#resolve(name, scope, families).then(
        found => {
          const [first] = found
          if (options.all === true) done(null, found)
          else if (first !== undefined) done(null, first.address, first.family)
        },
        error => done(error as NodeJS.ErrnoException, ''),
      )
    }
  }

  /** Resolves `dnsaddr`, for libp2p. @see https://github.com/multiformats/multiaddr/blob/master/protocols/DNSADDR.md */
  get dnsaddr(): MultiaddrResolver {
    return {
      canResolve: address => address.getComponents().some(({ name }) => name === 'dnsaddr'),
      resolve: async (address, { signal }) => {
        const walk: Walk = {
          questions: 0,
          found: new Map(),
          signal: AbortSignal.any([AbortSignal.timeout(DNSADDR_MS), ...(signal == null ? [] : [signal])]),
        }
        try {
          await this.#walk(address, walk, 0)
        } catch (error) {
          // That of a stranger must not stand in the way of the other addresses of its peer.
          if (walk.found.size === 0 && this.#given.has(address)) throw error
        }
        return [...walk.found.values()]
      },
    }
  }

  async #resolve(name: string, scope: Scope, families: readonly number[]): Promise<LookupAddress[]> {
    // Name servers know nothing of names of this machine and this network; these are heard nowhere else.
    const found =
      scope === 'public'
        ? await this.#askServers(name, families)
        : (await lookup(name, { all: true })).filter(({ family }) => families.includes(family))
    const fit = found.filter(({ address }) => LEADS_TO[scope].includes(scopeOfIp(address)))
    if (fit.length === 0) {
      throw new NameScopeError(
        name,
        found.map(({ address }) => address),
      )
    }
    return fit
  }

  async #askServers(name: string, families: readonly number[]): Promise<LookupAddress[]> {
    const asked = await Promise.allSettled(
      families.map(async family => {
        const all = family === 4 ? await this.#servers.resolve4(name) : await this.#servers.resolve6(name)
        return all.slice(0, MOST_ADDRESSES).map(address => ({ address, family }))
      }),
    )
    const found = asked.flatMap(one => (one.status === 'fulfilled' ? one.value : []))
    const failed = asked.find(one => one.status === 'rejected')
    if (found.length === 0 && failed !== undefined) throw failed.reason
    return found
  }

  /** Depth first, until enough was asked or found: records can lead to more records, in circles and without end. */
  async #walk(address: Multiaddr, walk: Walk, depth: number): Promise<void> {
    const components = address.getComponents()
    const name = components.find(component => component.name === 'dnsaddr')?.value
    if (name === undefined) {
      // Whoever owns the name is nowhere near: it names what anybody could.
      if (mayName('outside', address)) walk.found.set(address.toString(), address)
      return
    }
    if (depth >= MOST_DEEP || walk.questions >= MOST_QUESTIONS) return
    walk.questions += 1
    const records = await untilAborted(this.#servers.resolveTxt(`_dnsaddr.${name}`), walk.signal)
    const peer = components.findLast(component => component.name === 'p2p')?.value
    const suffix = peer === undefined ? '' : `/p2p/${peer}`
    for (const record of records) {
      if (walk.found.size >= MOST_ADDRESSES || walk.signal.aborted) return
      const next = dnsaddrIn(record.join(''))
      if (next?.toString().endsWith(suffix) !== true) continue
      // A branch that fails costs itself only.
      await this.#walk(next, walk, depth + 1).catch(() => undefined)
    }
  }
}

/** Where a name may lead, by its own scope. */
const LEADS_TO: Readonly<Record<Scope, readonly Scope[]>> = {
  machine: ['machine'],
  link: ['link'],
  private: ['private', 'link', 'public'],
  public: ['public'],
  nowhere: [],
}

/** One way from a `dnsaddr` to the addresses that it stands for. */
interface Walk {
  questions: number
  readonly found: Map<string, Multiaddr>
  readonly signal: AbortSignal
}

function dnsaddrIn(record: string): Multiaddr | undefined {
  const [key, value] = record.slice(0, MOST_CHARACTERS).split('=')
  if (key !== 'dnsaddr' || value === undefined) return undefined
  try {
    const address = multiaddr(value)
    return address.getComponents().length > 0 ? address : undefined
  } catch {
    return undefined
  }
}

async function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted()
  const aborted = Promise.withResolvers<never>()
  const abort = (): void => aborted.reject(signal.reason)
  signal.addEventListener('abort', abort, { once: true })
  try {
    return await Promise.race([work, aborted.promise])
  } finally {
    signal.removeEventListener('abort', abort)
  }
}

/** Whether an error is one of {@link Names}, whatever wraps it. */
export function isNameScope(error: unknown): boolean {
  return seen(error).name === 'NameScopeError'
}
