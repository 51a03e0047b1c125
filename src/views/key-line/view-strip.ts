import { type SafeText, safeText, say } from '../../core/safe-text.ts'
import { widthOf } from '../../core/width.ts'
import { LIST_VIEWS, type View } from '../../store/screen/screen-state.ts'
import type { Span } from '../../ui/spans.ts'

/** In the order of their number keys, from 1 on. */
const VIEWS: readonly View[] = ['main', ...LIST_VIEWS]
/** The strip has no more than this share of the line: the keys of the view have the rest. */
const SHARE = 2.5

/**
 * The views with their number keys, the one that is shown in brackets: with all names where there is room, with its own
 * name where there is less, with numbers alone on the narrowest screens, where the title says the name.
 */
export function viewStrip(shown: View, columns: number): Span[] {
  const forms = [strip(shown, () => true), strip(shown, view => view === shown), strip(shown, () => false)]
  const room = columns / SHARE
  return forms.find(spans => widthOf(spans.map(({ text }) => text).join('')) <= room) ?? forms[2] ?? []
}

function strip(shown: View, named: (view: View) => boolean): Span[] {
  return VIEWS.flatMap((view, place): Span[] => {
    const key: SafeText = say`${place + 1}`
    const name: SafeText = named(view) ? say` ${safeText(view)}` : say``
    if (view === shown) return [{ text: say`[${key}${name}]`, style: 'accent' }]
    return [
      { text: say` ${key}`, style: 'key' },
      { text: say`${name} `, style: 'dim' },
    ]
  })
}
