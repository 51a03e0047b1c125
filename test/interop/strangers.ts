import type { Host, Lab } from '../support/netns.ts'

/** Gives a host a way out, to one that answers nothing: what it sends there, asking for a name included, is counted. */
export async function giveWayOut(lab: Lab, host: Host): Promise<void> {
  await lab.connect(host, await lab.host(), { ipv6: false })
  await host.run('ip route replace default via 10.77.1.2')
}

/** How many packets a host with a way out has sent to others than itself. */
export async function packetsOut(host: Host): Promise<number> {
  const [eth0] = JSON.parse(await host.run('ip -s -json link show eth0'))
  return eth0.stats64.tx.packets
}
