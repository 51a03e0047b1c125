import type { ReactNode } from 'react'
import { withoutPeerId } from '../../core/address.ts'
import { formatRate, shortPeerId } from '../../core/format.ts'
import { type SafeText, say } from '../../core/safe-text.ts'
import { pad, widthOf } from '../../core/width.ts'
import { mainAddress } from '../../store/selectors/node-rows.ts'
import { peerList } from '../../store/selectors/peer-list.ts'
import type { Store } from '../../store/store.ts'
import { type Glyphs, useGlyphs } from '../../ui/glyphs.ts'
import { Line } from '../../ui/line.tsx'
import type { Span } from '../../ui/spans.ts'
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
  const parts = [
    { rank: 0, spans: [{ text: say` p2p-tui`, style: 'strong' }, ...(demo ? [DEMO] : [])] as Span[] },
    { rank: 2, spans: identity(store) },
    { rank: 1, spans: counts(store) },
    { rank: 4, spans: rates(store, glyphs) },
    { rank: 3, spans: listening(store) },
    { rank: 5, spans: profile(store) },
  ].filter(part => part.spans.length > 0)
  const shown = new Set(parts.slice(0, 1))
  for (const part of parts.toSorted((a, b) => a.rank - b.rank)) {
    if (widthOfAll([...new Set([...shown, part])]) <= columns) shown.add(part)
  }
  const inOrder = parts.filter(part => shown.has(part))
  return inOrder.flatMap(({ spans }, place) => (place === 0 ? spans : [GAP, ...spans]))
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
  const { peers, dials } = store.swarm
  const { connected } = peerList(store)
  const spans: Span[] = [
    { text: say`${connected}`, style: connected > 0 ? 'good' : 'normal' },
    { text: say` connected`, style: 'dim' },
    { text: say`  ${peers.size}` },
    { text: peers.size === 1 ? say` peer` : say` peers`, style: 'dim' },
  ]
  return dials.size === 0 ? spans : [...spans, { text: say`  dialing ${dials.size}`, style: 'warn' }]
}

/** Of one width whatever flows, so that nothing beside it moves. */
function rates({ swarm }: Store, { incoming, outgoing }: Glyphs): Span[] {
  const { rateIn, rateOut } = swarm.traffic
  return [
    { text: say`${incoming} `, style: 'dim' },
    { text: pad(formatRate(rateIn), 8, 'right') },
    { text: say`  ${outgoing} `, style: 'dim' },
    { text: pad(formatRate(rateOut), 8, 'right') },
  ]
}

function listening({ swarm }: Store): Span[] {
  const all = swarm.node.listening
  const main = mainAddress(all)
  if (main === undefined) return []
  const more: Span[] = all.length > 1 ? [{ text: say` +${all.length - 1}`, style: 'dim' }] : []
  return [{ text: withoutPeerId(main) }, ...more]
}

function profile({ swarm }: Store): Span[] {
  const { status, profile } = swarm.node
  if (status !== 'running') return []
  return [{ text: profile === undefined ? say`ephemeral` : say`profile ${profile}`, style: 'dim' }]
}

function widthOfAll(parts: readonly { spans: readonly Span[] }[]): number {
  const texts: SafeText[] = parts.flatMap(({ spans }) => spans.map(span => span.text))
  return widthOf(texts.join('')) + GAP.text.length * (parts.length - 1)
}
