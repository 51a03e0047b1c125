import { Box } from 'ink'
import { render } from 'ink-testing-library'
import { describe, expect, it } from 'vitest'
import { say } from '../../src/core/safe-text.ts'
import { Line } from '../../src/ui/line.tsx'
import type { Span } from '../../src/ui/spans.ts'
import { colourTheme, monochromeTheme, ThemeProvider } from '../../src/ui/theme.ts'
import { renderInTerminal } from '../support/terminal.tsx'

const row: Span[] = [
  { text: say`12D3KooW ` },
  { text: say`connected`, style: 'good' },
  { text: say` 3 ms`, style: ['strong', 'bad'] },
]

describe('Line', () => {
  it('shows spans in the styles of the theme', async () => {
    const terminal = await renderInTerminal(<Line spans={row} columns={30} />)
    expect(terminal.runs(0)).toEqual([
      { text: '12D3KooW ', style: '' },
      { text: 'connected ', style: 'green' },
      { text: '3 ms', style: 'bold red' },
    ])
  })

  it('styles the whole row, its blanks included', async () => {
    const terminal = await renderInTerminal(<Line spans={row} columns={30} style="selected" />)
    expect(terminal.runs(0)).toEqual([
      { text: '12D3KooW ', style: 'inverse' },
      { text: 'connected', style: 'inverse green' },
      { text: ' 3 ms', style: 'bold inverse red' },
      { text: '       ', style: 'inverse' },
    ])
  })

  it('keeps columns straight, whatever the width of characters', async () => {
    const names = [say`peer`, say`日本のピア`, say`😀👍🏽🇩🇪`, say`e\u0301e\u0301`, say``]
    const terminal = await renderInTerminal(
      <Box flexDirection="column">
        {names.map(name => (
          <Box key={name}>
            <Line spans={[{ text: name }]} columns={7} />
            <Line spans={[{ text: say`|end` }]} columns={4} />
          </Box>
        ))}
      </Box>,
    )
    expect(terminal.screen().slice(0, 5)).toEqual([
      'peer   |end',
      '日本の…|end',
      '😀👍🏽🇩🇪 |end',
      'e\u0301e\u0301     |end',
      '       |end',
    ])
    expect(terminal.runs(1).map(run => run.text)).toEqual(['日本の…|end'])
  })

  it('ends in an ellipsis wherever it is cut, also between two spans', async () => {
    const spans = [{ text: say`who` }, { text: say` what` }, { text: say` where` }]
    const terminal = await renderInTerminal(
      <Box flexDirection="column">
        {[15, 14, 8, 3, 1].map(columns => (
          <Line key={columns} spans={spans} columns={columns} />
        ))}
        <Line spans={[{ text: say`full` }, { text: say`  ` }]} columns={4} />
      </Box>,
    )
    expect(terminal.screen().slice(0, 6)).toEqual([
      'who what where',
      'who what where',
      'who wha…',
      'wh…',
      '…',
      'full',
    ])
  })

  it('is one row, also when characters join over the border of two spans', () => {
    // Two halves of a flag: two columns together, four apart.
    const halves = [{ text: say`a🇩` }, { text: say`🇪b` }]
    const { lastFrame } = render(
      <Box>
        <Line spans={halves} columns={6} />
        <Line spans={[{ text: say`|` }]} columns={1} />
      </Box>,
    )
    expect(lastFrame()?.split('\n')).toHaveLength(1)
    expect(lastFrame()).toMatch(/ *\|$/)
  })

  it('is cut where it is too long', () => {
    const { lastFrame } = render(<Line spans={row} columns={14} />)
    expect(lastFrame()).toContain('12D3KooW ')
    expect(lastFrame()).toContain('conn…')
    expect(lastFrame()).not.toContain('ms')
  })
})

describe('themes', () => {
  it('say the same without colours', async () => {
    const terminal = await renderInTerminal(
      <ThemeProvider value={monochromeTheme}>
        <Line spans={[{ text: say`failed`, style: 'bad' }]} columns={10} />
      </ThemeProvider>,
    )
    expect(terminal.runs(0)).toEqual([{ text: 'failed', style: 'bold' }])
  })

  it('never set black or white, which some backgrounds swallow', () => {
    const colours = Object.values(colourTheme).map(style => style.color)
    expect(colours.filter(colour => colour !== undefined)).not.toHaveLength(0)
    for (const colour of colours) expect(['black', 'white', 'gray', 'grey']).not.toContain(colour)
    expect(Object.values(monochromeTheme).every(style => style.color === undefined)).toBe(true)
  })
})
