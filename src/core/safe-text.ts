/**
 * Text that is safe to print on a terminal.
 *
 * Everything that another machine, a file or the operating system says goes through {@link safeText} once, in the
 * adapter, and is a {@link SafeText} from then on. Whatever renders takes `SafeText` only, so forgetting is a type
 * error.
 */

declare const safe: unique symbol

/** A string without control characters, bidi overrides or broken surrogates, on one line, of bounded length. */
export type SafeText = string & { readonly [safe]: true }

/** The longest name (agent version, protocol, host) that is kept, in UTF-16 units. */
export const NAME_LENGTH = 128
/** The longest message (an error's text, a reason) that is kept, in UTF-16 units. */
export const MESSAGE_LENGTH = 512
/**
 * The longest address that is kept, in UTF-16 units. Relayed WebTransport addresses have more than 300, and one that
 * was cut can no longer be dialed.
 */
export const ADDRESS_LENGTH = 512

const REPLACEMENT = '\uFFFD'
const ELLIPSIS = '…'
/** At most so many combining marks may follow one character; more would paint over neighbouring rows. */
const MAX_MARKS = 4

const PRINTABLE_ASCII = /^[\x20-\x7e]*$/

/*
 * Controls (Cc: C0, DEL, C1), formats (Cf: bidi overrides and isolates, zero-width characters, soft hyphen, BOM, tag
 * characters), lone surrogates (Cs), private use (Co), unassigned (Cn), line and paragraph separators (Zl, Zp),
 * variation selectors (they change a character's width), and letters that are drawn as nothing.
 */
const UNSAFE =
  /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\p{Variation_Selector}\u115F\u1160\u3164\uFFA0\u2800]|\u034F/gu
const TOO_MANY_MARKS = new RegExp(`(\\p{M}{${MAX_MARKS}})\\p{M}+`, 'gu')
/** White space other than the ASCII blank is one blank: a tab or a no-break space has no width to rely on. */
const WHITE_SPACE = /[\t\n\r\u00A0\u2000-\u200A\u202F\u205F\u3000]+/gu

/**
 * Makes any value safe to print: what could move the cursor, change a mode, reorder or hide text becomes U+FFFD
 * (replaced, not deleted, so that a reader sees that something was there), runs of line breaks and tabs become one
 * blank, and the rest is cut to `maxLength` UTF-16 units, ending in an ellipsis.
 *
 * Costs are bounded by `maxLength`, not by the length of the input.
 *
 * @throws nothing, whatever the value
 */
export function safeText(value: unknown, maxLength = NAME_LENGTH): SafeText {
  const text = typeof value === 'string' ? value : describe(value)
  if (text.length <= maxLength && PRINTABLE_ASCII.test(text)) return text as SafeText
  const cut = text.length > maxLength ? text.slice(0, maxLength) : text
  const clean = cut
    .replace(WHITE_SPACE, ' ')
    .replace(UNSAFE, REPLACEMENT)
    .replace(TOO_MANY_MARKS, `$1${REPLACEMENT}`)
  if (text.length <= maxLength) return clean as SafeText
  // Cutting may have split a surrogate pair; the half left behind has become U+FFFD above.
  return `${clean.slice(0, maxLength - 1).replace(/[\uD800-\uDBFF]$/u, '')}${ELLIPSIS}` as SafeText
}

/** {@link safeText} with room for a message. */
export function safeMessage(value: unknown): SafeText {
  return safeText(value, MESSAGE_LENGTH)
}

/** What stands for itself in every common shell, in the middle of a word. */
const PLAIN = /^[\w/.:%,@+=-]*$/
const NOT_PLAIN = /[^\w/.:%,@+=\u2026\uFFFD-]/gu
/** What `encodeURIComponent` leaves as it is, and a shell does not. */
const LEFT_BY_ENCODING = /[!'()*~]/g
const NOT_OF_A_WORD = /[^\p{L}\p{M}\p{N}_/.:%,@+=\u2026\uFFFD-]|^[%=-]/gu

/**
 * {@link safeText} with room for a multiaddr, which is of use only when it is whole. People paste addresses into shells,
 * and scripts split lines at blanks: what a shell would not take literally becomes percent-encoded where a URL-encoded
 * path may hold it (a Unix socket), and U+FFFD otherwise. The result is one word that needs no quotes.
 */
export function safeAddress(value: unknown): SafeText {
  const text = safeText(value, ADDRESS_LENGTH)
  if (PLAIN.test(text)) return text
  const encoded = text.replace(LEFT_BY_ENCODING, percentEncoded).replace(NOT_PLAIN, REPLACEMENT)
  return safeText(encoded, ADDRESS_LENGTH)
}

/** Whether nothing but its length keeps {@link safeAddress} from showing the whole of an address. */
export function isShownWhole(address: string): boolean {
  return PLAIN.test(address.replace(LEFT_BY_ENCODING, ''))
}

/** A character as in a URL, e.g. `%27`. */
function percentEncoded(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`
}

/**
 * A name as one word of a line that scripts split at blanks and people paste into shells: whatever else than letters,
 * digits and the signs of addresses is in it becomes `_`.
 */
export function plainWord(text: SafeText): SafeText {
  return (text === '' ? '_' : text.replace(NOT_OF_A_WORD, '_')) as SafeText
}

/**
 * Builds SafeText from our own words and values that are safe already: say`dialling ${peer.name} (${3} addresses)`.
 * A plain string as a value is a type error.
 */
export function say(words: TemplateStringsArray, ...values: (SafeText | number)[]): SafeText {
  // Every row of every frame is made here: String.raw does the same in several times as long.
  let text = words[0] ?? ''
  for (let place = 0; place < values.length; place += 1) text += `${values[place]}${words[place + 1]}`
  return text as SafeText
}

/** Joins safe parts with our own separator. */
export function joinSafe(parts: readonly SafeText[], separator: ' ' | ', ' | ' · ' | ''): SafeText {
  return parts.join(separator) as SafeText
}

function describe(value: unknown): string {
  try {
    return value instanceof Error ? value.message : String(value)
  } catch {
    return '(unprintable)'
  }
}
