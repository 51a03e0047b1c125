/**
 * `node --import with-loaded-node.ts dist/cli.js`: the program as it is, but what its node's thread runs is
 * loaded-node.ts. When that node collects its garbage, the screen's thread does too.
 */
import { registerHooks } from 'node:module'
import { BroadcastChannel, isMainThread } from 'node:worker_threads'
import { COLLECTING, collectGarbage } from '../node/collect-garbage.ts'

const OWN = /\/dist\/worker\.js$/
const LOADED = new URL('./loaded-node.ts', import.meta.url).href

if (isMainThread) {
  // Not a signal: the program ends by any.
  const collecting = new BroadcastChannel(COLLECTING)
  collecting.onmessage = () => collectGarbage()
  collecting.unref()
} else {
  registerHooks({
    resolve: (specifier, context, next) => next(OWN.test(specifier) ? LOADED : specifier, context),
  })
}
