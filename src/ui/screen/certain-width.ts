/** U+FE0F asks for an emoji where there could be a sign; few terminals make it wider for that. */
const SIMPLE = /^[^\p{M}\p{Emoji_Presentation}\p{Regional_Indicator}][\p{Mn}--\uFE0F]*$/v

/**
 * Whether every terminal gives a character the columns that we do. They differ over emoji, flags and characters that
 * are composed of several: whoever draws one of those cannot know where the cursor stands afterwards.
 */
export function isWidthCertain(character: string): boolean {
  const code = character.charCodeAt(0)
  if (character.length === 1 && code < 0x300) return true
  return SIMPLE.test(character)
}
