/**
 * `node --import with-loaded-node.ts dist/cli.js`: the program as it is, but what its node's thread runs is
 * loaded-node.ts.
 */
import { registerHooks } from 'node:module'
import { isMainThread } from 'node:worker_threads'

const OWN = /\/dist\/worker\.js$/
const LOADED = new URL('./loaded-node.ts', import.meta.url).href

if (!isMainThread) {
  registerHooks({
    resolve: (specifier, context, next) => next(OWN.test(specifier) ? LOADED : specifier, context),
  })
}
