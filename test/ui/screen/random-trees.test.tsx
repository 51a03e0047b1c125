import fc from 'fast-check'
import { Box, Text, type TextProps, useCursor } from 'ink'
import type { ReactNode } from 'react'
import { describe, expect, it } from 'vitest'
import { safeText } from '../../../src/core/safe-text.ts'
import { Line } from '../../../src/ui/line.tsx'
import type { Span } from '../../../src/ui/spans.ts'
import { colourTheme, type StyleName } from '../../../src/ui/theme.ts'
import { renderInTerminal } from '../../support/terminal.tsx'

/** Text in Ink's own styles, one inside the other. */
interface Nested {
  text: string
  style: TextProps
  inside: Nested | undefined
}

type Row = { spans: Span[]; style: StyleName | undefined } | { nested: Nested[] }

interface Tree {
  rows: Row[]
  cursor: { x: number; y: number } | undefined
}

type Step =
  | { do: 'rerender'; tree: Tree }
  | { do: 'edit'; y: number; row: Row }
  | { do: 'resize'; size: Size }
type Size = readonly [columns: number, rows: number]

const character = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom(...'abcXYZ0189.:/-') },
  { weight: 5, arbitrary: fc.constant(' ') },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      '│',
      '●',
      '▁',
      '▄',
      '█',
      '…',
      'é',
      'e\u0301',
      '日',
      '本',
      '한',
      '😀',
      '👍🏽',
      '🇩🇪',
    ),
  },
)
const text = fc.string({ unit: character, maxLength: 30 })
const colour = fc.constantFrom('red', 'greenBright', '#ff8800', 'ansi256(200)', undefined)
const style: fc.Arbitrary<TextProps> = fc
  .record({
    color: colour,
    backgroundColor: colour,
    bold: fc.boolean(),
    dimColor: fc.boolean(),
    italic: fc.boolean(),
    underline: fc.boolean(),
    strikethrough: fc.boolean(),
    inverse: fc.boolean(),
  })
  // exactOptionalPropertyTypes: what is not set is left out.
  .map(all =>
    Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined && value !== false)),
  )
const { nested } = fc.letrec<{ nested: Nested }>(tie => ({
  nested: fc.record({ text, style, inside: fc.option(tie('nested'), { nil: undefined, maxDepth: 2 }) }),
}))
const styleName = fc.constantFrom(...(Object.keys(colourTheme) as StyleName[]))
const span = fc.record({ text: text.map(safeText), style: styleName })
const row: fc.Arbitrary<Row> = fc.oneof(
  fc.record({
    spans: fc.array(span, { maxLength: 5 }),
    style: fc.option(styleName, { nil: undefined }),
  }),
  fc.record({ nested: fc.array(nested, { maxLength: 3 }) }),
)
const tree: fc.Arbitrary<Tree> = fc.record({
  rows: fc.array(row, { maxLength: 24 }),
  cursor: fc.option(fc.record({ x: fc.nat(79), y: fc.nat(23) }), { nil: undefined }),
})
// The emulator is never narrower than two columns.
const size: fc.Arbitrary<Size> = fc.oneof(
  fc.constantFrom<Size[]>([80, 24], [200, 60], [20, 5], [40, 10], [2, 1]),
  fc.tuple(fc.integer({ min: 2, max: 90 }), fc.integer({ min: 1, max: 30 })),
)
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 2, arbitrary: fc.record({ do: fc.constant('rerender' as const), tree }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('edit' as const), y: fc.nat(23), row }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('resize' as const), size }) },
)

function Rows({ tree, size: [columns, rows] }: { tree: Tree; size: Size }): ReactNode {
  const { setCursorPosition } = useCursor()
  const { cursor } = tree
  setCursorPosition(cursor && { x: Math.min(cursor.x, columns - 1), y: Math.min(cursor.y, rows - 1) })
  return (
    <Box flexDirection="column" width={columns} height={rows} overflow="hidden">
      {tree.rows.slice(0, rows).map((each, y) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: rows are places here
        <OneRow key={y} row={each} columns={columns} />
      ))}
    </Box>
  )
}

function OneRow({ row, columns }: { row: Row; columns: number }): ReactNode {
  if (!('nested' in row)) {
    const { spans, style } = row
    return <Line spans={spans} columns={columns} {...(style === undefined ? {} : { style })} />
  }
  return (
    <Box height={1} overflow="hidden">
      <Text wrap="truncate-end">{row.nested.map((each, place) => pieceOf(each, place))}</Text>
    </Box>
  )
}

function pieceOf({ text, style, inside }: Nested, key: number): ReactNode {
  return (
    <Text key={key} {...style}>
      {text}
      {inside === undefined ? '' : pieceOf(inside, 0)}
    </Text>
  )
}

function replaced(rows: readonly Row[], y: number, row: Row): Row[] {
  return rows.length === 0 ? [row] : rows.with(y % rows.length, row)
}

function render(tree: Tree, size: Size, writer: 'ink' | 'screen') {
  const [columns, rows] = size
  return renderInTerminal(<Rows tree={tree} size={size} />, { columns, rows, writer })
}

describe('Ink through the screen', () => {
  it('shows what it shows by itself, for random trees', { timeout: 120_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(tree, size, fc.array(step, { maxLength: 6 }), async (first, firstSize, steps) => {
        let [now, at] = [first, firstSize]
        let plain = await render(now, at, 'ink')
        const screen = await render(now, at, 'screen')
        expect(screen.picture()).toEqual(plain.picture())
        for (const each of steps) {
          if (each.do === 'rerender') now = each.tree
          else if (each.do === 'edit') now = { ...now, rows: replaced(now.rows, each.y, each.row) }
          else at = each.size
          if (each.do === 'resize') {
            // By itself Ink leaves behind what the terminal has made of the frame before; what it means is seen afresh.
            plain.close()
            plain = await render(now, at, 'ink')
            await screen.resize(...at)
          } else await plain.rerender(<Rows tree={now} size={at} />)
          await screen.rerender(<Rows tree={now} size={at} />)
          expect(screen.picture()).toEqual(plain.picture())
        }
        plain.close()
        screen.close()
      }),
      { numRuns: 60 },
    )
  })
})
