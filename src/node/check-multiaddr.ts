import { domainToASCII } from 'node:url'
import { multiaddr } from '@multiformats/multiaddr'
import { isHostName, oddPartOf } from '../core/address.ts'
import { type SafeText, safeMessage, safeText, say } from '../core/safe-text.ts'

/** Why `text` is no multiaddr; `undefined` when it is one. Whether it can be dialed or listened on is seen later. */
export function multiaddrProblem(text: string): SafeText | undefined {
  try {
    const address = multiaddr(text)
    return address.getComponents().length === 0 ? say`it is empty` : partProblem(address.toString())
  } catch (error) {
    return safeMessage(error)
  }
}

/** Which part of a well-formed multiaddr is not what it should be, and what to write instead. */
export function partProblem(address: string): SafeText | undefined {
  const part = oddPartOf(address)
  if (part === undefined) return undefined
  const ascii = domainToASCII(part)
  return ascii !== '' && ascii !== part && isHostName(ascii)
    ? say`"${safeText(part)}" is to be written as ${safeText(ascii)}`
    : say`"${safeText(part)}" is no name of a host, nor a part that an address may have`
}
