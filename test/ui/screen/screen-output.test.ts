import { describe, expect, it } from 'vitest'
import { ScreenOutput } from '../../../src/ui/screen/screen-output.ts'
import { Emulator } from './emulator.ts'
import { Pair } from './pair.ts'
import { SwitchedLine } from './switched-line.ts'

const HOME = '\x1b[1;1H\x1b[J'
const turn = () => new Promise(resolve => setImmediate(resolve))

/** A screen on a line that can be switched, and the emulator at its end. */
class Drawn {
  readonly line: SwitchedLine
  readonly output: ScreenOutput
  readonly emulator: Emulator

  constructor(columns = 20, rows = 4, options: { synchronised?: boolean } = {}) {
    this.line = new SwitchedLine(columns, rows, options)
    this.output = new ScreenOutput(this.line)
    this.emulator = new Emulator(columns, rows)
  }

  /** Writes a frame as Ink writes it, and lets the turn end. */
  async frame(...lines: string[]): Promise<void> {
    this.output.write(HOME)
    this.output.write(lines.join('\n'))
    await Promise.resolve()
  }

  /** Shows what was sent, and gives it. */
  async arrive(): Promise<string> {
    const bytes = this.line.take()
    await this.emulator.show(bytes)
    return bytes
  }

  rows(): string[] {
    return Array.from({ length: this.emulator.terminal.rows }, (_, y) => this.emulator.row(y))
  }
}

async function entered(...given: ConstructorParameters<typeof Drawn>): Promise<Drawn> {
  const drawn = new Drawn(...given)
  drawn.output.write('\x1b[?1049h')
  drawn.output.write('\x1b[?25l')
  await drawn.frame('')
  await drawn.arrive()
  return drawn
}

describe('a line that is free', () => {
  it('is sent a frame in the same turn, once, however many calls wrote it', async () => {
    const { line, output } = await entered()
    output.write(HOME)
    output.write('one')
    output.write('\ntwo')
    expect(line.sent).toEqual([])
    await Promise.resolve()
    expect(line.sent).toHaveLength(1)
    await turn()
    expect(line.sent).toHaveLength(1)
  })

  it('is sent nothing for a frame that looks the same', async () => {
    const drawn = await entered()
    await drawn.frame('one', '\x1b[31mtwo\x1b[39m')
    await drawn.arrive()
    await drawn.frame('one', '\x1b[1;31m\x1b[22mtwo\x1b[0m')
    expect(drawn.line.sent).toEqual([])
  })

  it('says that a frame has been written when it has', async () => {
    const drawn = await entered()
    const sent: number[] = []
    drawn.output.write(`${HOME}one`, () => sent.push(drawn.line.sent.length))
    await turn()
    expect(sent).toEqual([1])
  })
})

describe('a line that is not free', () => {
  it('is sent nothing, however many frames come, and the newest one when it is free again', async () => {
    const drawn = await entered()
    await drawn.frame('first')
    await drawn.arrive()
    drawn.line.free = false
    for (let n = 0; n < 2000; n += 1) await drawn.frame(`frame ${n}`, 'x'.repeat(n % 20))
    await turn()
    expect(drawn.line.sent).toEqual([])
    drawn.line.free = true
    expect(drawn.line.sent).toHaveLength(1)
    // No more than what changed: nothing of the frames between was kept.
    expect((await drawn.arrive()).length).toBeLessThan(60)
    expect(drawn.rows()).toEqual(['frame 1999', 'x'.repeat(1999 % 20), '', ''])
    drawn.line.free = false
    drawn.line.free = true
    expect(drawn.line.sent).toEqual([])
  })

  it('keeps nobody waiting who wants to know that a frame was written', async () => {
    const drawn = await entered()
    drawn.line.free = false
    await new Promise<void>(done => drawn.output.write(`${HOME}one`, done))
    expect(drawn.line.sent).toEqual([])
  })

  it('is drawn on as a whole after the terminal was resized meanwhile', async () => {
    const drawn = await entered()
    await drawn.frame('one', 'two')
    await drawn.arrive()
    drawn.line.free = false
    drawn.output.on('resize', () => drawn.output.write(`${HOME}narrow`))
    await drawn.emulator.resize(10, 2)
    // Whatever the terminal makes of it.
    await drawn.emulator.show('\x1b[Hgarbage\ngarbage')
    drawn.line.resize(10, 2)
    await Promise.resolve()
    expect(drawn.line.sent).toEqual([])
    drawn.line.free = true
    await drawn.arrive()
    expect(drawn.rows()).toEqual(['narrow', ''])
  })

  it('still takes what cannot be left out', async () => {
    const drawn = await entered()
    drawn.line.free = false
    drawn.output.write('\x1b]52;c;aGk=\x07')
    expect(drawn.line.take()).toBe('\x1b]52;c;aGk=\x07')
    drawn.output.write('\x1b[?1049l')
    expect(drawn.line.take()).toContain('\x1b[?1049l')
    drawn.output.write('stopped\n')
    expect(drawn.line.take()).toBe('stopped\n')
  })

  it('is left alone once the program has left its screen', async () => {
    const drawn = await entered()
    drawn.line.free = false
    await drawn.frame('never seen')
    drawn.output.write('\x1b[?1049l')
    drawn.line.take()
    drawn.line.free = true
    await turn()
    expect(drawn.line.sent).toEqual([])
  })
})

describe('the alternate screen', () => {
  it('is drawn from its top, wherever the shell has left its cursor', async () => {
    const drawn = new Drawn()
    drawn.output.write('$ ls\na\nb\n$ ')
    drawn.output.write('\x1b[?1049h')
    drawn.output.write('first row')
    await Promise.resolve()
    await drawn.arrive()
    expect(drawn.rows()[0]).toBe('first row')
  })

  it('has the cursor that was hidden or shown before it', async () => {
    const pair = new Pair(10, 3)
    for (const cursor of ['\x1b[?25l', '\x1b[?25h', '\x1b[?25l']) {
      pair.write(cursor)
      pair.write('\x1b[?1049h\x1b[Habc')
      await pair.expectAlike()
      pair.write('\x1b[?1049l')
      await pair.expectAlike()
    }
  })

  it('is left without a style, so that the shell writes in its own', async () => {
    const drawn = await entered()
    await drawn.frame('\x1b[41mred')
    drawn.output.write('\x1b[?1049l')
    // Not every terminal takes up the style that it had before.
    expect(drawn.line.sent.join('')).toContain('\x1b[m\x1b[?1049l')
    drawn.output.write('$')
    await drawn.arrive()
    expect(drawn.emulator.picture()).toEqual({
      buffer: 'normal',
      rows: ['$'.padEnd(20), ...new Array(3).fill(' '.repeat(20))],
      cursor: undefined,
    })
  })
})

describe('a long update', () => {
  const long = [
    'abcdefghijklmnopqrstuvwxyz'.repeat(4),
    'zyxwvutsrqponmlkjihgfedcba'.repeat(4),
    '0123456789'.repeat(10),
  ]

  it('is shown at once by a terminal that can', async () => {
    const drawn = await entered(120, 4, { synchronised: true })
    await drawn.frame(...long)
    const bytes = await drawn.arrive()
    expect(bytes.startsWith('\x1b[?2026h') && bytes.endsWith('\x1b[?2026l')).toBe(true)
    await drawn.frame('x', ...long.slice(1))
    expect(await drawn.arrive()).not.toContain('2026')
  })

  it('is drawn without a cursor that runs about in it', async () => {
    const drawn = await entered(120, 4)
    await drawn.frame('\x1b[?25hshort')
    expect(await drawn.arrive()).not.toContain('\x1b[?25l')
    await drawn.frame(...long)
    const bytes = await drawn.arrive()
    expect(bytes.startsWith('\x1b[?25l') && bytes.endsWith('\x1b[?25h')).toBe(true)
  })
})

describe('the edges of the screen', () => {
  it('are written to the last cell without scrolling', async () => {
    const drawn = await entered(5, 3)
    for (const letter of ['a', 'b', 'c']) {
      await drawn.frame(...new Array(3).fill(letter.repeat(5)))
      await drawn.arrive()
      expect(drawn.rows()).toEqual(new Array(3).fill(letter.repeat(5)))
    }
    await drawn.frame('ccccc', 'ccccc', 'ccccX')
    await drawn.arrive()
    expect(drawn.rows()).toEqual(['ccccc', 'ccccc', 'ccccX'])
  })

  it('keep a wide character out of a screen of one column', async () => {
    const drawn = await entered(2, 3)
    await drawn.emulator.resize(2, 3)
    drawn.line.resize(1, 3)
    await turn()
    await drawn.frame('日', 'b', '日')
    const bytes = await drawn.arrive()
    expect(bytes).not.toContain('日')
    expect(drawn.rows()).toEqual(['', 'b', ''])
  })
})

describe('erasing', () => {
  it('leaves no background, line or inversion behind', async () => {
    for (const style of ['41', '4', '7', '9', '53']) {
      const pair = new Pair(40, 3)
      pair.ink.enter()
      pair.ink.draw([`\x1b[${style}m${'x'.repeat(40)}\x1b[0m`, 'y'.repeat(40)], undefined)
      await pair.settle()
      pair.ink.draw([`\x1b[${style}mx\x1b[0m${' '.repeat(20)}\x1b[${style}mx\x1b[0m`, 'y'], undefined)
      await pair.expectAlike()
      pair.ink.draw([`\x1b[${style}m${' '.repeat(30)}\x1b[0m`, 'y'], undefined)
      await pair.expectAlike()
    }
  })
})

describe('a resize', () => {
  it('is drawn once, when all that follows from it has been written', async () => {
    const drawn = await entered(8, 2)
    await drawn.frame('wide row')
    await drawn.arrive()
    drawn.output.on('resize', () => {
      drawn.output.write(`${HOME}wide row`)
      // React draws the new layout in a turn of its own.
      queueMicrotask(() => queueMicrotask(() => drawn.output.write(`${HOME}\x1b[Jnarrow`)))
    })
    await drawn.emulator.resize(6, 2)
    drawn.line.resize(6, 2)
    await turn()
    const bytes = await drawn.arrive()
    expect(bytes).not.toContain('wide')
    // The emulator keeps what stands beyond its new width.
    expect(drawn.rows().map(row => row.slice(0, 6))).toEqual(['narrow', ''])
  })
})
