import { multiaddr } from '@multiformats/multiaddr'
import { type SafeText, safeMessage, say } from '../core/safe-text.ts'

/** Why `text` is no multiaddr; `undefined` when it is one. Whether it can be dialed or listened on is seen later. */
export function multiaddrProblem(text: string): SafeText | undefined {
  try {
    return multiaddr(text).getComponents().length === 0 ? say`it is empty` : undefined
  } catch (error) {
    return safeMessage(error)
  }
}
