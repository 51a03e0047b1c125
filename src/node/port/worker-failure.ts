/** The end of the node's thread, told as the failure that the screen's end of the channel is lost with. */
import type { Failure } from '../../core/failure.ts'
import { type SafeText, safeMessage, safeText, say } from '../../core/safe-text.ts'
import { tooFewDescriptors } from '../limits/descriptors.ts'

/** How a thread came to its end. */
export interface WorkerDeath {
  /** What it threw, if it threw. */
  error?: unknown
  exitCode?: number
  /** The last lines that it wrote. */
  lastLines: readonly SafeText[]
}

/** Codes of errors of which a thread dies before it runs at all. */
const NOT_LOADED =
  /^((ERR_)?MODULE_NOT_FOUND|ERR_UNKNOWN_FILE_EXTENSION|ERR_DLOPEN_FAILED|ERR_WORKER_PATH|ERR_INVALID_URL_SCHEME)$/u

const NO_DESCRIPTORS = /\b(EMFILE|ENFILE)\b/

/** Why the node's thread is gone, in plain words, and what to do. */
export function workerFailure({ error, exitCode, lastLines }: WorkerDeath): Failure {
  const said = lastLines.at(-1)
  const words = said === undefined ? '' : `; its last words: ${said}`
  if (error === undefined) {
    return {
      stage: 'start',
      cause: safeMessage(`The node's thread ended by itself (exit code ${exitCode ?? 'unknown'})${words}`),
      hint: say`Start p2p-tui again. If it happens again, please report it`,
    }
  }
  const code = codeOf(error)
  if (code === 'ERR_WORKER_OUT_OF_MEMORY') {
    return {
      stage: 'start',
      cause: say`The node's thread ran out of memory`,
      hint: say`Start p2p-tui again with more memory: NODE_OPTIONS=--max-old-space-size=4096`,
    }
  }
  const text = safeText(error, 256)
  // Some say it in their code, Node.js's own in their message alone.
  if (NO_DESCRIPTORS.test(`${code} ${text}`)) return tooFewDescriptors()
  if (NOT_LOADED.test(code)) {
    return {
      stage: 'start',
      cause: say`The node's thread could not be loaded: ${text}`,
      hint: say`The installation is incomplete: install p2p-tui again`,
    }
  }
  return {
    stage: 'start',
    cause: safeMessage(`The node's thread crashed: ${text}${words}`),
    hint: say`Start p2p-tui again. If it happens again, please report it`,
  }
}

/** An error's code; '' without one. */
function codeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null || !('code' in error)) return ''
  return typeof error.code === 'string' ? error.code : ''
}
