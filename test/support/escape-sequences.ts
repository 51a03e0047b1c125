/**
 * What the program may tell a terminal, as a grammar: everything else that is no printable character is an intruder.
 * Written from what a screen has to do (move, erase, colour, switch modes, ask how far the terminal is), not from what the
 * program happens to send.
 */

const ESC = '\u001b'

const ALLOWED = new RegExp(
  [
    // Where the cursor goes, and what is erased.
    `${ESC}\\[\\d*[ABCDEFGd]`,
    `${ESC}E`,
    '\\x08',
    `${ESC}\\[(?:\\d*;)?\\d*H`,
    `${ESC}\\[[0-3]?[JK]`,
    `${ESC}\\[\\d*X`,
    // Rows that the terminal moves by itself.
    `${ESC}\\[(?:\\d+;\\d+)?r`,
    `${ESC}\\[\\d*[LM]`,
    // How far it has come, and whether it can draw at once.
    `${ESC}\\[5n`,
    `${ESC}\\[\\?2026\\$p`,
    // Colours by their names only, bold, dim, underline, inverse, and their ends.
    `${ESC}\\[(?:[0-24-79]|2[1-79]|3[0-79]|4[0-79]|9[0-7]|10[0-7])?(?:;(?:[0-24-79]|2[1-79]|3[0-79]|4[0-79]|9[0-7]|10[0-7]))*m`,
    // The cursor, the alternate screen, marked pastes, frames that are drawn at once.
    `${ESC}\\[\\?(?:7|25|1049|2004|2026)[hl]`,
    '\\r?\\n',
    '\\r',
  ].join('|'),
  'g',
)

/**
 * What of raw output is neither printable nor a sequence that the program may send: escape and control characters,
 * those that turn text round or hide it, and halves of surrogate pairs, each with what is around it.
 */
export function intrudersIn(output: string): string[] {
  const text = output.replace(ALLOWED, ' ')
  const bad = /.{0,10}[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Co}\p{Variation_Selector}].{0,30}/gsu
  return [...text.matchAll(bad)].map(([found]) => JSON.stringify(found))
}
