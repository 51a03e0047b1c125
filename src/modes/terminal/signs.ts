import { asciiGlyphs, type Glyphs, unicodeGlyphs } from '../../ui/glyphs.ts'

/**
 * The signs that a terminal can show: ASCII ones where the locale says that it knows no others, or on the Linux
 * console, whose font lacks them. Where nothing is said (a container, an SSH session) terminals of today know Unicode.
 */
export function glyphsFor(env: NodeJS.ProcessEnv): Glyphs {
  const locale = env.LC_ALL || env.LC_CTYPE || env.LANG || ''
  if (env.TERM === 'linux') return asciiGlyphs
  return locale === '' || /utf-?8/i.test(locale) ? unicodeGlyphs : asciiGlyphs
}
