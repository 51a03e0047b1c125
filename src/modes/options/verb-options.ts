import type { Command } from '../../commands/command.ts'
import { OPTION_GROUPS, type OptionGroup } from './table.ts'

/** The options that matter to a one-shot command, which its help shows. It takes the others too. */
export function groupsFor({ verb, needs = [] }: Command): readonly OptionGroup[] {
  const offline = verb === 'id' || needs.includes('profile')
  const wanted: Readonly<Record<OptionGroup['heading'], boolean>> = {
    Network: !offline,
    'Finding peers and content': !offline,
    'Being reached': needs.includes('somebody'),
    Limits: false,
    Profile: true,
    Output: true,
  }
  return OPTION_GROUPS.filter(({ heading }) => wanted[heading])
}
