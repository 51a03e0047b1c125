/** Whether multicast works here, and if not, why, in a person's words. */
import type { Failure } from '../../core/failure.ts'
import { type SafeText, safeText, say } from '../../core/safe-text.ts'
import type { Family } from './names.ts'

/** Why there is no multicast, and what to try next. */
export type MdnsProblem = Pick<Failure, 'cause' | 'hint'>

/** What a link has been seen to do. */
export interface LinkHealth {
  readonly name: string
  readonly family: Family
  readonly internal: boolean
  /** heard: our own query came back, so the link works; mute: it did not; pending: not known yet. */
  readonly state: 'pending' | 'heard' | 'mute' | 'failed'
  /** The operating system's code for what failed, such as EADDRINUSE. */
  readonly code?: string | undefined
}

const RETRY = say`it is tried again every few seconds`
const MEANWHILE = say`peers can be dialed by their address meanwhile`

/**
 * Judges by the links that matter: those that leave this machine if there are any, and among them IPv4, which every
 * implementation speaks, before IPv6. One that works is enough.
 *
 * @returns the problem, `'none'`, or `'unknown'` while links have not shown yet what they do
 */
export function judge(links: readonly LinkHealth[]): MdnsProblem | 'none' | 'unknown' {
  const outward = links.filter(({ internal }) => !internal)
  const near = outward.length > 0 ? outward : links
  const ipv4 = near.filter(({ family }) => family === 'IPv4')
  const judged = ipv4.length > 0 ? ipv4 : near
  const [first] = judged
  if (first === undefined) {
    return {
      cause: say`No network interface is up, so no node can be heard`,
      hint: say`Bring up a network; ${RETRY}`,
    }
  }
  if (judged.some(({ state }) => state === 'heard')) return outward.length > 0 ? 'none' : ONLY_THIS_MACHINE
  if (judged.some(({ state }) => state === 'pending')) return 'unknown'
  return describe(judged.find(({ state }) => state === 'failed') ?? first)
}

const ONLY_THIS_MACHINE: MdnsProblem = {
  cause: say`No network but loopback is up, so only nodes on this machine are heard`,
  hint: say`Connect to a network; a container needs one that carries multicast`,
}

function describe({ name, family, code }: LinkHealth): MdnsProblem {
  const link = safeText(name, 32)
  const problem = code === undefined ? undefined : BY_CODE[code]?.(link, family)
  if (problem !== undefined) return problem
  if (code !== undefined) {
    return {
      cause: say`Multicast fails on ${link}: ${safeText(code, 32)}`,
      hint: say`${RETRY}; ${MEANWHILE}`,
    }
  }
  return {
    cause: say`Multicast sent on ${link} does not come back, so it is blocked`,
    hint: say`Look for a firewall, a VPN or a container without multicast; ${MEANWHILE}`,
  }
}

type Describe = (link: SafeText, family: Family) => MdnsProblem

const noWay: Describe = link => ({
  cause: say`${link} has no way for multicast`,
  hint: say`Look at its addresses and routes; ${RETRY}`,
})

const forbidden: Describe = link => ({
  cause: say`This machine does not allow multicast DNS on ${link}`,
  hint: say`Allow UDP port 5353 in its firewall or sandbox; ${MEANWHILE}`,
})

const down: Describe = link => ({ cause: say`${link} is down`, hint: say`Bring it up; ${RETRY}` })

const BY_CODE: { readonly [code: string]: Describe | undefined } = {
  EADDRINUSE: () => ({
    cause: say`UDP port 5353 is taken by a program that does not share it`,
    hint: say`Find that program (Linux: ss -ulpn; macOS: lsof -i UDP:5353) and stop it; ${RETRY}`,
  }),
  EACCES: forbidden,
  EPERM: forbidden,
  ENODEV: down,
  ENETDOWN: down,
  ENETUNREACH: noWay,
  EHOSTUNREACH: noWay,
  EADDRNOTAVAIL: noWay,
  EINVAL: noWay,
  EAFNOSUPPORT: (link, family) => ({
    cause: say`${link} does not carry ${family === 'IPv4' ? say`IPv4` : say`IPv6`}`,
    hint: say`${RETRY}`,
  }),
  ENOBUFS: link => ({
    cause: say`The system has no room for more multicast memberships on ${link}`,
    hint: say`Raise net.ipv4.igmp_max_memberships; ${RETRY}`,
  }),
}
