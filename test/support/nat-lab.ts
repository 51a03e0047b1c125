/**
 * Two hosts behind a router each, and one that both routers lead to:
 *
 *     left 10.1.1.2 -- NAT 11.0.1.2 -- outside 11.0.0.1 -- NAT 11.0.2.2 -- right 10.1.2.2
 *
 * The outer network has addresses that look public, since hole punching leaves private ones alone. The routers
 * translate addresses and let nothing in that was not asked for, as those at home do. Needs `nft`; see netns.ts.
 */
import { type Host, type Lab, withLab } from './netns.ts'

/** What a router does with the ports of what goes out, and whether it forwards one of what comes in. */
export interface NatOptions {
  /**
   * `kept`: a connection keeps the port that it comes from. `random`: each gets another (symmetric NAT).
   *
   * @default 'kept'
   */
  ports?: 'kept' | 'random'
  /** Forwards this TCP port to the host behind it. */
  forward?: number
}

export interface NatLab {
  left: Host
  right: Host
  /** The host between both, at {@link OUTSIDE}. */
  outside: Host
}

/** The address of the host between the routers. */
export const OUTSIDE = '11.0.0.1'
/** Where the outer network sees each of the two. */
export const LEFT_NAT = '11.0.1.2'

/** Runs `body` with both hosts and what is between them. */
export function withTwoNats<T>(
  body: (lab: NatLab) => Promise<T>,
  { left: leftOptions = {}, right: rightOptions = {} }: { left?: NatOptions; right?: NatOptions } = {},
): Promise<T> {
  return withLab(async lab => {
    const outside = await lab.host({ multicast: false })
    await outside.run(`ip addr add ${OUTSIDE}/32 dev lo; echo 1 > /proc/sys/net/ipv4/ip_forward`)
    const left = await hostBehindNat(lab, outside, 1, leftOptions)
    const right = await hostBehindNat(lab, outside, 2, rightOptions)
    return await body({ left, right, outside })
  })
}

async function hostBehindNat(lab: Lab, outside: Host, number: number, options: NatOptions): Promise<Host> {
  const host = await lab.host({ multicast: false })
  const nat = await lab.host({ multicast: false })
  await lab.connect(host, nat, { ipv4: [`10.1.${number}.2`, `10.1.${number}.1`], ipv6: false })
  await lab.connect(outside, nat, { ipv4: [`11.0.${number}.1`, `11.0.${number}.2`], ipv6: false })
  await host.run(`ip route add default via 10.1.${number}.1`)
  await nat.run(`ip route add default via 11.0.${number}.1; echo 1 > /proc/sys/net/ipv4/ip_forward`)
  await nat.run(`nft -f - <<'EOF'\n${rules(`10.1.${number}.2`, options)}\nEOF`)
  return host
}

/** eth0 is inside, eth1 outside. */
function rules(host: string, { ports = 'kept', forward }: NatOptions): string {
  const forwarding =
    forward === undefined ? '' : `iifname eth1 tcp dport ${forward} dnat to ${host}:${forward}`
  return `
    table ip nat {
      chain out {
        type nat hook postrouting priority srcnat
        oifname eth1 masquerade ${ports === 'random' ? 'fully-random' : ''}
      }
      chain in {
        type nat hook prerouting priority dstnat
        ${forwarding}
      }
    }
    table ip filter {
      chain forward {
        type filter hook forward priority filter
        iifname eth1 ct status dnat accept
        iifname eth1 ct state new,invalid drop
      }
      chain input {
        type filter hook input priority filter
        iifname eth1 ct state new,invalid drop
      }
    }`
}
