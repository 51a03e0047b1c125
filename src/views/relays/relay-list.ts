import type { Filter } from '../../core/filter.ts'
import { plural } from '../../core/format.ts'
import { type SafeText, say } from '../../core/safe-text.ts'
import { type Reachability, reachabilityOf } from '../../store/selectors/reachability.ts'
import type { SwarmState } from '../../store/swarm/state.ts'
import { listed } from '../list-view/rows.ts'
import { sectionRows, textRow, type ViewList, type ViewRow } from '../list-view/view-list.ts'
import { awaitedRows } from './awaited-rows.ts'
import { ownAddressRows } from './own-address-rows.ts'
import { punchRows } from './punch-rows.ts'
import { grantedRows, heldRows } from './reservation-rows.ts'
import { VERDICTS } from './verdicts.ts'

/** How others reach this node: the verdict, reservations that we hold, our addresses, hole punches, reservations that we grant. */
export function relayList(swarm: SwarmState, filter: Filter): ViewList {
  const { relays, granted, ownAddresses, punches } = swarm
  const reach = reachabilityOf(swarm)
  const sections = [
    {
      title: say`Own addresses`,
      note: ownAddresses.size === 0 ? say`none reported by peers yet` : say`as others see this node`,
      rows: ownAddressRows(swarm, filter),
    },
    {
      title: say`Reservations held`,
      note:
        relays.size === 0
          ? say`none: :reserve <relay> asks one to pass connections on to us`
          : say`relays that pass connections on to us`,
      rows: [...heldRows(swarm, filter), ...awaitedRows(swarm, filter)],
    },
    {
      title: say`Hole punches`,
      note:
        punches.size === 0
          ? say`none yet: one that works makes a relayed connection direct`
          : say`attempts to make relayed connections direct`,
      rows: punchRows(swarm, filter),
    },
    {
      title: say`Reservations granted`,
      note: grantedNote(swarm),
      rows: grantedRows(swarm, filter),
    },
  ]
  const found = sections.filter(({ rows }) => rows.length > 0)
  return {
    title: say`Relays`,
    notes: [
      { text: VERDICTS[reach.verdict].word, style: VERDICTS[reach.verdict].style },
      { text: plural(relays.size, say`relay`, say`relays`), style: 'dim' },
      ...(granted.size === 0 ? [] : [{ text: say`${granted.size} granted`, style: 'dim' } as const]),
    ],
    rows: listed([
      ...(filter.empty ? [...verdictRows(reach), ...routerRows(swarm)] : []),
      ...(filter.empty ? sections : found).flatMap(({ title, note, rows }) => [
        ...sectionRows(title, note),
        ...rows,
      ]),
    ]),
    empty: [],
    errors: [],
  }
}

/** How much of what this relay gives is taken. */
function grantedNote({ granted, circuits, relayService }: SwarmState): SafeText {
  if (relayService === undefined) return say`none: this node is no relay (--relay-server)`
  return say`${granted.size} of ${relayService.reservations} taken, ${plural(circuits.size, say`connection`, say`connections`)} through us`
}

/** The sentence, and below it why. */
function verdictRows({ verdict, text, reasons }: Reachability): ViewRow[] {
  const { style } = VERDICTS[verdict]
  return [
    textRow('verdict', { text, style }),
    ...reasons.map((reason, place) => textRow(`reason ${place}`, { text: say`  ${reason}`, style: 'dim' })),
  ]
}

/** What came of asking the router to forward ports. */
function routerRows({ upnp }: SwarmState): ViewRow[] {
  if (upnp === undefined) return []
  const { gateway = say`router`, failure } = upnp
  if (failure === undefined) {
    return [textRow('router', { text: say`  ${gateway} forwards our ports`, style: 'good' })]
  }
  return [
    textRow('router', { text: say`  ${failure.cause}`, style: 'warn' }),
    textRow('router hint', { text: say`  ${failure.hint}`, style: 'dim' }),
  ]
}
