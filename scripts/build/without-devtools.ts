import type { Rolldown } from 'tsdown'

const DEVTOOLS = 'react-devtools-core'

/**
 * Leaves React's developer tools out. Ink loads them when the variable DEV is "true" and they are installed; for the
 * bundler they would be a package that is missing.
 */
export function withoutDevtools(): Rolldown.Plugin {
  return {
    name: 'without-devtools',
    resolveId: { filter: { id: new RegExp(`^${DEVTOOLS}$`) }, handler: id => `\0${id}` },
    load: {
      filter: { id: new RegExp(`^\0${DEVTOOLS}$`) },
      handler: () => 'export default { initialize() {}, connectToDevTools() {} }',
    },
  }
}
