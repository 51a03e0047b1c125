import type { Rolldown } from 'tsdown'

/** A function of a package that is asked the same things in each frame, and what goes around it. */
interface Asked {
  file: RegExp
  /** As the package has it, up to the parenthesis. */
  declared: string
  /** What takes its place; the function itself is called `afresh` then. */
  around: string
}

const ASKED: readonly Asked[] = [
  {
    file: /\/string-width\/index\.js$/,
    declared: 'export default function stringWidth(',
    around: `
const remembered = remember(1024, text => afresh(text));
export default function stringWidth(text, options) {
  return options === undefined && typeof text === 'string' ? remembered(text) : afresh(text, options);
}`,
  },
  {
    file: /\/ansi-tokenize\/build\/tokenize\.js$/,
    declared: 'export function tokenize(',
    around: `
const remembered = remember(256, text => afresh(text));
export function tokenize(text, end) {
  return end === undefined ? remembered(text) : afresh(text, end);
}`,
  },
  {
    file: /\/ansi-tokenize\/build\/styledChars\.js$/,
    declared: 'export function styledCharsFromTokens(',
    around: `
const known = new WeakMap();
export function styledCharsFromTokens(tokens) {
  let styled = known.get(tokens);
  if (styled === undefined) known.set(tokens, styled = afresh(tokens));
  return styled;
}`,
  },
]

/**
 * Remembers the answers to at least so many texts asked for last, and at most twice as many; none that are long. What a
 * row consists of takes ten kilobytes, and a large screen has two hundred of them in two forms.
 */
const REMEMBER = `
function remember(least, make) {
  let latest = new Map();
  let earlier = new Map();
  return text => {
    if (text.length > 512) return make(text);
    let answer = latest.get(text);
    if (answer !== undefined) return answer;
    answer = earlier.get(text) ?? make(text);
    if (latest.size >= least) {
      earlier = latest;
      latest = new Map();
    }
    latest.set(text, answer);
    return answer;
  };
}
`

/**
 * Lets the packages under Ink remember how wide texts are and what they consist of. Ink paints the whole screen anew for
 * each frame, and nearly all of its texts were in the frame before: two thirds of a frame went into measuring and
 * parsing them again. Their answers are never changed by who asks.
 */
export function rememberedTexts(): Rolldown.Plugin {
  return {
    name: 'remembered-texts',
    transform: {
      filter: { id: ASKED.map(({ file }) => file) },
      handler: (code, id) => ({ code: rememberingTexts(code, id), map: null }),
    },
  }
}

/** The text of a module whose answers are remembered. @throws when it has no such function as it had */
export function rememberingTexts(code: string, id: string): string {
  return ASKED.filter(({ file }) => file.test(id)).reduce((text, { declared, around }) => {
    if (!text.includes(declared)) throw new Error(`${id} has no "${declared}" any more`)
    return `${text.replace(declared, 'function afresh(')}\n${REMEMBER}${around}\n`
  }, code)
}
