import type { Rolldown } from 'tsdown'

const EMOJI_PATTERN = /^const (\w+) = \/(.*\\p\{RGI_Emoji\}.*)\/v;$/gm

/**
 * Makes the pattern of all emoji when the first one is met. V8 takes longer to make it than for all else that it reads
 * before the first frame, and most screens never show an emoji.
 *
 * Every text that such a pattern matches has a character of the property Emoji, which is quick to look for: that
 * decides whether the pattern is needed.
 */
export function emojiWhenMet(): Rolldown.Plugin {
  return {
    name: 'emoji-when-met',
    transform: { filter: { id: /\/string-width\/index\.js$/ }, handler: emojiPatternsWhenMet },
  }
}

/** @throws when the text has such a pattern in a form or a use that this does not know */
export function emojiPatternsWhenMet(code: string): { code: string; map: null } {
  const names: string[] = []
  const changed = code.replace(EMOJI_PATTERN, (_, name: string, source: string) => {
    names.push(name)
    return `const ${name} = whenMet(${JSON.stringify(source)});`
  })
  const uses = names.flatMap(name => [
    ...changed.matchAll(new RegExp(`(?<!const )\\b${name}\\b(.{0,5})`, 'g')),
  ])
  if (names.length === 0 || uses.some(([, use = '']) => !/^\.(test|exec)/.test(use))) {
    throw new Error('string-width uses the pattern of emoji in a new way')
  }
  return { code: `${changed}\n${WHEN_MET}`, map: null }
}

const WHEN_MET = String.raw`
var someEmoji;
function whenMet(source) {
  someEmoji ??= /\p{Emoji}/u;
  let pattern;
  const made = () => pattern ??= new RegExp(source, 'v');
  return {
    test: text => someEmoji.test(text) && made().test(text),
    exec: text => someEmoji.test(text) ? made().exec(text) : null,
  };
}
`
