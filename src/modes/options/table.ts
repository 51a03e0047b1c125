/** The program's options: one table, from which flags, their environment twins and the keys of a file come. */
import { DHT_OPTIONS } from './dht.ts'
import { LIMIT_OPTIONS } from './limits.ts'
import { NETWORK_OPTIONS } from './network.ts'
import type { OptionSpec } from './option.ts'
import { OUTPUT_OPTIONS, PROFILE_OPTIONS } from './program.ts'
import { REACH_OPTIONS } from './reach.ts'
import { RELAY_OPTIONS } from './relay.ts'

/** Options that belong together, under a heading of their own in help. */
export interface OptionGroup {
  heading: 'Network' | 'Finding peers and content' | 'Being reached' | 'Limits' | 'Profile' | 'Output'
  options: readonly OptionSpec[]
}

/** In the order in which help shows them. */
export const OPTION_GROUPS: readonly OptionGroup[] = [
  { heading: 'Network', options: NETWORK_OPTIONS },
  { heading: 'Finding peers and content', options: DHT_OPTIONS },
  { heading: 'Being reached', options: [...REACH_OPTIONS, ...RELAY_OPTIONS] },
  { heading: 'Limits', options: LIMIT_OPTIONS },
  { heading: 'Profile', options: PROFILE_OPTIONS },
  { heading: 'Output', options: OUTPUT_OPTIONS },
]

/** All of them. */
export const OPTIONS: readonly OptionSpec[] = OPTION_GROUPS.flatMap(({ options }) => options)
