import type { ReactNode } from 'react'
import { endpointOf, withoutPeerId } from '../../core/address.ts'
import { formatRate, plural, shortPeerId } from '../../core/format.ts'
import { type SafeText, say } from '../../core/safe-text.ts'
import { pad, widthOf } from '../../core/width.ts'
import { mainAddress } from '../../store/selectors/node-rows.ts'
import { reachabilityOf } from '../../store/selectors/reachability.ts'
import type { Store } from '../../store/store.ts'
import { type Glyphs, useGlyphs } from '../../ui/glyphs.ts'
import { Line } from '../../ui/line.tsx'
import type { Span } from '../../ui/spans.ts'
import { VERDICTS } from '../relays/verdicts.ts'
import { useScreen, useStore } from '../screen-context.ts'

/** The top line: who we are, how many are there, how much flows, where we listen. */
export function StatusLine({ columns }: { columns: number }): ReactNode {
  const { store, demo } = useScreen().session
  useStore(() => store.version)
  const glyphs = useGlyphs()
  return <Line spans={statusSpans(store, { columns, demo, glyphs })} columns={columns} />
}

const GAP: Span = { text: say`   ` }

/** The parts that fit, the most important first in their choice of room. */
function statusSpans(
  store: Store,
  { columns, demo, glyphs }: { columns: number; demo: boolean; glyphs: Glyphs },
): Span[] {
  const parts: readonly Part[] = [
    { rank: 0, forms: [[{ text: say` p2p-tui`, style: 'strong' }, ...(demo ? [DEMO] : [])]] },
    { rank: 3, forms: [identity(store)] },
    { rank: 1, forms: [counts(store)] },
    { rank: 2, forms: [warnings(store)] },
    { rank: 5, forms: [rates(store, glyphs)] },
    { rank: 4, forms: [listening(store, withoutPeerId), listening(store, endpointOf)] },
    { rank: 6, forms: [reachability(store)] },
    { rank: 7, forms: [profile(store)] },
    // Last, so that nothing moves while dials come and go.
    { rank: 8, forms: [dialing(store)] },
  ]
  const chosen = new Map<Part, readonly Span[]>()
  for (const part of parts.toSorted((a, b) => a.rank - b.rank)) {
    const others = [...chosen.values()]
    const form = part.forms.find(spans => spans.length > 0 && widthOfAll([...others, spans]) <= columns)
    if (form !== undefined) chosen.set(part, form)
  }
  return parts
    .flatMap(part => [chosen.get(part)].filter(spans => spans !== undefined))
    .flatMap((spans, place) => (place === 0 ? spans : [GAP, ...spans]))
}

interface Part {
  /** The lowest chooses its room first. */
  rank: number
  /** The first that fits is shown; an empty one never is. */
  forms: readonly (readonly Span[])[]
}

const DEMO: Span = { text: say` demo`, style: 'warn' }

function identity({ swarm, end }: Store): Span[] {
  const { status, peerId } = swarm.node
  if (end?.how === 'failed') return [{ text: say`failed`, style: 'bad' }]
  if (status === 'starting') return [{ text: say`starting…`, style: 'warn' }]
  if (status === 'stopped') return [{ text: say`stopped`, style: 'bad' }]
  return peerId === undefined ? [] : [{ text: shortPeerId(peerId) }]
}

function counts(store: Store): Span[] {
  const { peers } = store.swarm
  const { connected } = store.peerList.sums
  return [
    { text: say`${connected}`, style: connected > 0 ? 'good' : 'normal' },
    { text: say` connected`, style: 'dim' },
    { text: say`  ${peers.size}` },
    { text: peers.size === 1 ? say` peer` : say` peers`, style: 'dim' },
  ]
}

function warnings({ swarm }: Store): Span[] {
  const count = swarm.warnings.size
  return count === 0 ? [] : [{ text: say`! ${plural(count, say`warning`, say`warnings`)}`, style: 'warn' }]
}

function dialing({ swarm }: Store): Span[] {
  const count = swarm.dials.size
  return count === 0 ? [] : [{ text: say`dialing ${count}`, style: 'warn' }]
}

/** What the rows of the peers say, in all. Of one width whatever flows, so that nothing beside it moves. */
function rates({ peerList }: Store, { incoming, outgoing }: Glyphs): Span[] {
  const { rateIn, rateOut } = peerList.sums
  return [
    { text: say`${incoming} `, style: 'dim' },
    { text: pad(formatRate(rateIn), 8, 'right') },
    { text: say`  ${outgoing} `, style: 'dim' },
    { text: pad(formatRate(rateOut), 8, 'right') },
  ]
}

function listening({ swarm }: Store, form: (address: SafeText) => SafeText): Span[] {
  const all = swarm.node.listening
  const main = mainAddress(all)
  if (main === undefined) return []
  const more: Span[] = all.length > 1 ? [{ text: say` +${all.length - 1}`, style: 'dim' }] : []
  return [{ text: form(main) }, ...more]
}

/** Nothing as long as nobody has found out. */
function reachability({ swarm }: Store): Span[] {
  const { verdict } = reachabilityOf(swarm)
  if (swarm.node.status !== 'running' || verdict === 'unknown') return []
  const { word, style } = VERDICTS[verdict]
  return [{ text: word, style }]
}

function profile({ swarm }: Store): Span[] {
  const { status, profile } = swarm.node
  if (status !== 'running') return []
  return [{ text: profile === undefined ? say`ephemeral` : say`profile ${profile}`, style: 'dim' }]
}

function widthOfAll(parts: readonly (readonly Span[])[]): number {
  const texts: SafeText[] = parts.flat().map(span => span.text)
  return widthOf(texts.join('')) + GAP.text.length * (parts.length - 1)
}
