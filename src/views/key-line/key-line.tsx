import type { ReactNode } from 'react'
import { type Binding, type KeySituation, keyLine } from '../../commands/keys.ts'
import { BINDINGS } from '../../commands/registry.ts'
import { joinSafe, type SafeText, safeText, say } from '../../core/safe-text.ts'
import { widthOf } from '../../core/width.ts'
import { Line } from '../../ui/line.tsx'
import type { Span } from '../../ui/spans.ts'
import { keyLabel } from '../key-map.ts'
import { useScreen, useStore } from '../screen-context.ts'
import { viewStrip } from './view-strip.ts'

/** The views, and the keys that do something right now, as many as fit. */
export function KeyLine({ columns }: { columns: number }): ReactNode {
  const { session } = useScreen()
  useStore(store => store.version)
  const strip = viewStrip(session.store.screen.view, columns)
  const room = columns - widthOf(strip.map(({ text }) => text).join(''))
  return <Line spans={[...strip, ...keySpans(session.situation(), room)]} columns={columns} />
}

/** So many of the last ones, help and quitting, have their place before all others. */
const ALWAYS = 2

/** Keys and what they do, the most important first; those that do not fit whole are left out. */
function keySpans(situation: KeySituation, columns: number): Span[] {
  const bindings = keyLine(situation, BINDINGS)
  const shown = new Set<Binding>()
  let left = columns
  for (const binding of [...bindings.slice(-ALWAYS), ...bindings.slice(0, -ALWAYS)]) {
    const width = widthOf(joinSafe(textsOf(binding), ''))
    if (width > left) continue
    shown.add(binding)
    left -= width
  }
  return bindings
    .filter(binding => shown.has(binding))
    .flatMap(binding => {
      const [key, label] = textsOf(binding)
      return [
        { text: key, style: 'key' },
        { text: label, style: 'dim' },
      ] satisfies Span[]
    })
}

function textsOf({ keys: [key = ''], label }: Binding): [SafeText, SafeText] {
  return [say` ${safeText(keyLabel(key))}`, say` ${safeText(label)} `]
}
