/** Signs beyond ASCII, and what stands for them on a terminal that cannot show them. */
import { createContext, use } from 'react'
import { type SafeText, say } from '../core/safe-text.ts'
import type { Presence } from '../core/swarm.ts'

/** One sign for each meaning. */
export interface Glyphs {
  /** What a peer's state looks like; told apart by shape, not by colour alone. */
  presence: Readonly<Record<Presence, SafeText>>
  /** Eight bars, lowest first. */
  bars: readonly SafeText[]
  /** A ping without an answer, among bars. */
  loss: SafeText
  /** Between panes that stand side by side. */
  separator: SafeText
  /** Fills the title line of a pane without and with the focus. */
  rule: SafeText
  focusedRule: SafeText
  ascending: SafeText
  descending: SafeText
  incoming: SafeText
  outgoing: SafeText
  dot: SafeText
  /** Before the selected row. */
  selected: SafeText
}

/** The signs for a terminal that shows Unicode. */
export const unicodeGlyphs: Glyphs = {
  presence: { connected: say`●`, heard: say`○`, expired: say`◌`, known: say`·` },
  bars: [say`▁`, say`▂`, say`▃`, say`▄`, say`▅`, say`▆`, say`▇`, say`█`],
  loss: say`×`,
  separator: say`│`,
  rule: say`─`,
  focusedRule: say`━`,
  ascending: say`↑`,
  descending: say`↓`,
  incoming: say`↓`,
  outgoing: say`↑`,
  dot: say`·`,
  selected: say`▸`,
}

/** The signs for any other terminal; printable ASCII only. */
export const asciiGlyphs: Glyphs = {
  presence: { connected: say`C`, heard: say`H`, expired: say`E`, known: say`-` },
  bars: [say`_`, say`.`, say`-`, say`:`, say`=`, say`+`, say`*`, say`#`],
  loss: say`x`,
  separator: say`|`,
  rule: say`-`,
  focusedRule: say`=`,
  ascending: say`^`,
  descending: say`v`,
  incoming: say`in`,
  outgoing: say`out`,
  dot: say`-`,
  selected: say`>`,
}

const GlyphContext = createContext<Glyphs>(unicodeGlyphs)

/** Gives the views below it their signs. */
export const GlyphProvider = GlyphContext.Provider

/** The signs to use. */
export function useGlyphs(): Glyphs {
  return use(GlyphContext)
}
