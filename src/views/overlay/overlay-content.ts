import { peerOf } from '../../core/event-names.ts'
import { type SafeText, safeText, say } from '../../core/safe-text.ts'
import type { Notice, Overlay } from '../../store/screen/screen-state.ts'
import { shownName } from '../../store/selectors/shown-name.ts'
import type { Store } from '../../store/store.ts'
import { indented } from '../../ui/fields.ts'
import type { Span } from '../../ui/spans.ts'
import type { StyleName } from '../../ui/theme.ts'
import { wrap } from '../../ui/wrap.ts'
import { eventLines } from '../event-detail/event-lines.ts'
import { helpLines } from '../help/help-lines.ts'
import { type DetailContext, peerLines } from '../peer-detail/peer-lines.ts'

/** The title of an overlay and all its lines. */
export interface OverlayContent {
  title: SafeText
  lines: readonly (readonly Span[])[]
}

const TONES: Readonly<Record<Notice['tone'], StyleName>> = {
  plain: 'normal',
  good: 'good',
  warn: 'warn',
  bad: 'bad',
}

/** What an overlay shows, in full; the screen shows a window of it. */
export function overlayContent(store: Store, overlay: Overlay, context: DetailContext): OverlayContent {
  switch (overlay.kind) {
    case 'peer':
      return peerContent(store, overlay.peerId, context)
    case 'event':
      return eventContent(store, overlay.seq, context.columns)
    case 'help':
      return {
        title: overlay.topic === undefined ? say`Help` : say`Help: ${safeText(overlay.topic)}`,
        lines: helpLines(overlay.topic, context.columns, context.glyphs),
      }
    case 'text':
      return {
        title: overlay.title,
        lines: overlay.lines.flatMap(({ text, tone }) =>
          wrap(text, context.columns - 2).map(line => indented({ text: line, style: TONES[tone] })),
        ),
      }
  }
}

function peerContent({ swarm }: Store, peerId: SafeText, context: DetailContext): OverlayContent {
  const peer = swarm.peers.get(peerId)
  return {
    title: say`Peer ${shownName(swarm, peerId)}`,
    lines:
      peer === undefined
        ? [[], indented({ text: say`${peerId} has been forgotten: nothing is known of it any more.` })]
        : peerLines(swarm, peer, context),
  }
}

function eventContent({ log, swarm }: Store, seq: number, columns: number): OverlayContent {
  const place = log.placeOf(seq)
  const entry = place === undefined ? undefined : log.at(place)
  return {
    title: say`Event ${seq}`,
    lines:
      entry?.kind === 'event'
        ? eventLines(entry.event, columns, swarm.peers.get(peerOf(entry.event) ?? '')?.name)
        : [[], indented({ text: say`This event has fallen out of the log.` })],
  }
}
