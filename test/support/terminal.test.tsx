import { Box, Text, useApp, useCursor, useInput, useWindowSize } from 'ink'
import { useState } from 'react'
import { describe, expect, it } from 'vitest'
import { keys, renderInTerminal } from './terminal.tsx'

function Probe() {
  const [typed, setTyped] = useState('')
  const { columns, rows } = useWindowSize()
  const { exit } = useApp()
  const { setCursorPosition } = useCursor()
  useInput((input, key) => {
    if (input === 'q') exit('done')
    else setTyped(key.escape ? 'escape' : typed + input)
  })
  setCursorPosition({ x: 2, y: 1 })
  return (
    <Box flexDirection="column" width={columns} height={rows}>
      <Text>
        {`${columns}x${rows} `}
        <Text bold color="red">
          red
        </Text>
        <Text inverse>日本</Text>
      </Text>
      <Text>{`>${typed}`}</Text>
    </Box>
  )
}

describe('renderInTerminal', () => {
  it('shows text, styles and the cursor', async () => {
    const terminal = await renderInTerminal(<Probe />, { columns: 30, rows: 4 })
    expect(terminal.screen()).toEqual(['30x4 red日本', '>', '', ''])
    expect(terminal.runs(0)).toEqual([
      { text: '30x4 ', style: '' },
      { text: 'red', style: 'bold red' },
      { text: '日本', style: 'inverse' },
    ])
    expect(terminal.cursor()).toEqual({ x: 2, y: 1, visible: true })
  })

  it('types, one chunk at a time, and sees the answer at once', async () => {
    const terminal = await renderInTerminal(<Probe />)
    await terminal.press('a', 'bc')
    expect(terminal.screen()[1]).toBe('>abc')
    await terminal.press(keys.escape)
    expect(terminal.screen()[1]).toBe('>escape')
  })

  it('waits for a plain Esc, which comes late', async () => {
    const terminal = await renderInTerminal(<Probe />)
    await terminal.press('\x1b')
    await terminal.waitFor('>escape')
  })

  it('is resized, and leaves out colours when asked', async () => {
    const terminal = await renderInTerminal(<Probe />, { colour: false })
    await terminal.resize(40, 5)
    expect(terminal.screen()).toHaveLength(5)
    expect(terminal.runs(0)).toEqual([{ text: '40x5 red日本', style: '' }])
  })

  it('knows when the app has ended', async () => {
    const terminal = await renderInTerminal(<Probe />)
    await terminal.press('q')
    expect(await terminal.exited).toBe('done')
    expect(terminal.cursor().visible).toBe(true)
  })

  it('gives emoji the columns that terminals give them', async () => {
    const terminal = await renderInTerminal(<Text>{'😀👍🏽🇩🇪é|'}</Text>)
    expect(terminal.screen()[0]).toBe('😀👍🏽🇩🇪é|')
    expect(terminal.cursor().visible).toBe(false)
  })
})
