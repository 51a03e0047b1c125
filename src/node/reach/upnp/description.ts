/** The services of a gateway that forward ports, those of the newer version first. */
const SERVICES = [
  'urn:schemas-upnp-org:service:WANIPConnection:2',
  'urn:schemas-upnp-org:service:WANIPConnection:1',
  'urn:schemas-upnp-org:service:WANPPPConnection:1',
]

/** No gateway has more services than this. */
const MOST_SERVICES = 64

/** What of a gateway's description is of use here. */
export interface GatewayDescription {
  /** What it calls itself; as it came. */
  name: string
  /** The service to ask, e.g. urn:schemas-upnp-org:service:WANIPConnection:1. */
  service: string
  /** Where to ask it. */
  control: URL
}

/**
 * Reads the description of a device (UPnP Device Architecture 1.1, section 2.3).
 *
 * @param location where it was read; relative addresses in it begin there
 * @returns undefined when it has no service that forwards ports, or one at another host
 */
export function readDescription(xml: string, location: URL): GatewayDescription | undefined {
  const services = xml
    .split('<service>')
    .slice(1, 1 + MOST_SERVICES)
    .map(body => ({
      service: element(body, 'serviceType') ?? '',
      path: element(body, 'controlURL') ?? '',
    }))
  for (const wanted of SERVICES) {
    const path = services.find(({ service }) => service === wanted)?.path
    const control = path === undefined ? null : URL.parse(path, element(xml, 'URLBase') ?? location.href)
    if (control?.protocol === 'http:' && control.hostname === location.hostname) {
      return {
        name: element(xml, 'friendlyName') ?? element(xml, 'modelName') ?? '',
        service: wanted,
        control,
      }
    }
  }
  return undefined
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

/**
 * The text of the first element of a name, whatever its prefix; undefined where there is none. Nothing in the pattern goes
 * beyond the next `<`, so that no text makes it slow.
 */
export function element(xml: string, name: string): string | undefined {
  const text = new RegExp(`<(?:\\w+:)?${name}(?:\\s[^<>]*)?>([^<]*)</(?:\\w+:)?${name}>`).exec(xml)?.[1]
  return text?.trim().replace(/&(\w+);/g, (whole, entity: string) => ENTITIES[entity] ?? whole)
}
