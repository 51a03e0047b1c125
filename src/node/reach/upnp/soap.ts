import { element, type GatewayDescription } from './description.ts'

/** How long a gateway may take to answer, in ms; some are slow. */
const ANSWER_MS = 5_000
/** More than this is no answer of a gateway, in bytes. */
const MOST_BYTES = 256 * 1024

/** A gateway answered that it does not do what it was asked. `code` is one of UPnP, or the status of HTTP. */
export class GatewayRefusal extends Error {
  override readonly name = 'GatewayRefusal'
  readonly code: number

  constructor(code: number, description: string) {
    super(description)
    this.code = code
  }
}

/** Reads a text over HTTP from the gateway. @throws what fetch throws, {@link GatewayRefusal} */
export async function read(url: URL, signal: AbortSignal): Promise<string> {
  const { ok, status, body } = await exchange(url, {}, signal)
  if (!ok) throw new GatewayRefusal(status, '')
  return body
}

/**
 * Calls an action of the gateway's service (UPnP Device Architecture 1.1, section 3).
 *
 * @returns the answer, to be read with {@link element}
 * @throws {GatewayRefusal} with the code of UPnP's error; what fetch throws
 */
export async function call(
  { service, control }: GatewayDescription,
  action: string,
  params: Readonly<Record<string, string | number>>,
  signal: AbortSignal,
): Promise<string> {
  const fields = Object.entries(params).map(([name, value]) => `<${name}>${escaped(String(value))}</${name}>`)
  const { ok, status, body } = await exchange(
    control,
    {
      method: 'POST',
      headers: { 'content-type': 'text/xml; charset="utf-8"', soapaction: `"${service}#${action}"` },
      body:
        '<?xml version="1.0"?>' +
        '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" s:encodingStyle="http://schemas.xmlsoap.org/soap/encoding/">' +
        `<s:Body><u:${action} xmlns:u="${service}">${fields.join('')}</u:${action}></s:Body></s:Envelope>`,
    },
    signal,
  )
  if (ok) return body
  const code = Number(element(body, 'errorCode') ?? status)
  throw new GatewayRefusal(
    Number.isSafeInteger(code) ? code : status,
    element(body, 'errorDescription') ?? '',
  )
}

async function exchange(
  url: URL,
  init: RequestInit,
  signal: AbortSignal,
): Promise<{ ok: boolean; status: number; body: string }> {
  const response = await fetch(url, {
    ...init,
    // A little that is compressed can be much, or never come to an end.
    headers: { ...init.headers, 'accept-encoding': 'identity' },
    // Nobody sends us anywhere else.
    redirect: 'error',
    signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_MS)]),
  })
  if ((response.headers.get('content-encoding') ?? 'identity') !== 'identity') {
    await response.body?.cancel().catch(() => undefined)
    throw new Error('The gateway answered in a form that was not asked for')
  }
  const parts: Uint8Array[] = []
  let size = 0
  for await (const part of response.body ?? []) {
    size += part.byteLength
    if (size > MOST_BYTES) throw new Error('The gateway answered with more than a gateway has to say')
    parts.push(part)
  }
  return { ok: response.ok, status: response.status, body: Buffer.concat(parts).toString('utf8') }
}

function escaped(text: string): string {
  return text.replace(/[<>&]/g, sign => `&#${sign.codePointAt(0)};`)
}
