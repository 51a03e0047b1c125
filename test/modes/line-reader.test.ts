import { PassThrough, Readable } from 'node:stream'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MAX_LINE_BYTES, readLines } from '../../src/modes/line-reader.ts'

async function linesOf(...chunks: (string | Uint8Array)[]): Promise<string[]> {
  const lines: string[] = []
  for await (const line of readLines(Readable.from(chunks.map(chunk => Buffer.from(chunk))))) {
    lines.push('text' in line ? line.text : `! ${line.problem}`)
  }
  return lines
}

describe('a line of input', () => {
  it.each<[string, (string | Uint8Array)[], string[]]>([
    ['ends in LF', ['a\nb\n'], ['a', 'b']],
    ['ends in CRLF', ['a\r\nb\r\n'], ['a', 'b']],
    ['ends in CRLF that comes in two pieces', ['a\r', '\nb\r', '\n\r', '\nc'], ['a', 'b', '', 'c']],
    ['ends in CR', ['a\rb\r'], ['a', 'b']],
    ['needs no end if it is the last', ['a\nb'], ['a', 'b']],
    ['may be empty', ['\n\na\n'], ['', '', 'a']],
    ['comes in pieces', ['di', 'al ', 'x\np', 'eers'], ['dial x', 'peers']],
    [
      'may have a character in two pieces',
      [Buffer.from('ä').subarray(0, 1), Buffer.from('ä\n').subarray(1)],
      ['ä'],
    ],
    ['may follow a byte order mark', ['\uFEFFhelp\n'], ['help']],
    ['may have tabs', ['dial\tx\n'], ['dial\tx']],
    ['is not there in nothing', [''], []],
  ])('%s', async (_, chunks, lines) => {
    expect(await linesOf(...chunks)).toEqual(lines)
  })

  it.each<[string, string | Uint8Array, RegExp]>([
    ['a NUL byte', 'di\0al x\n', /^! .*control character \(U\+0000\) at position 3$/],
    ['an escape sequence', '\u001b[2Jhelp\n', /^! .*U\+001B.* at position 1$/],
    ['a byte that is no UTF-8', Buffer.from([0x68, 0xff, 0x0a]), /^! The line is not UTF-8 text$/],
    ['half a character', Buffer.from([0xc3, 0x0a]), /^! The line is not UTF-8 text$/],
    [
      'a byte too much',
      `${'x'.repeat(MAX_LINE_BYTES + 1)}\n`,
      /^! The line has 65,537 bytes, and at most 65,536 are read$/,
    ],
  ])('with %s is refused, and the next one is read', async (_, wrong, problem) => {
    expect(await linesOf(wrong, 'peers\n')).toEqual([expect.stringMatching(problem), 'peers'])
  })

  it('of the longest kind is read', async () => {
    const longest = 'x'.repeat(MAX_LINE_BYTES)
    expect(await linesOf(`${longest}\n${longest}`)).toEqual([longest, longest])
  })

  it('is the same however its bytes come', async () => {
    const part = fc.constantFrom('a', 'bc', '\n', '\r', '\r\n', 'ä')
    await fc.assert(
      fc.asyncProperty(fc.array(part), fc.array(fc.nat({ max: 4 })), async (parts, cuts) => {
        const bytes = Buffer.from(parts.join(''))
        const chunks: Buffer[] = []
        let at = 0
        for (const cut of cuts) {
          chunks.push(bytes.subarray(at, at + cut))
          at += cut
        }
        chunks.push(bytes.subarray(at))
        const expected = parts.join('').split(/\r\n|\r|\n/)
        if (expected.at(-1) === '') expected.pop()
        expect(await linesOf(...chunks)).toEqual(expected)
      }),
    )
  })
})

describe('memory', () => {
  it('stays flat with a line that goes on for 256 MiB, and its length is told', async () => {
    const chunk = Buffer.alloc(64 * 1024, 'x')
    let left = 4096
    let most = 0
    const endless = new Readable({
      read() {
        left -= 1
        // Outside of the heap as well: that is where the bytes of streams are.
        if (left % 256 === 0) most = Math.max(most, process.memoryUsage().arrayBuffers)
        this.push(left < 0 ? null : chunk)
      },
    })
    const before = process.memoryUsage().arrayBuffers
    const lines = []
    for await (const line of readLines(endless)) lines.push(line)
    expect(lines).toEqual([{ problem: expect.stringContaining('268,435,456 bytes') }])
    expect(most - before).toBeLessThan(16 * 1024 * 1024)
  })

  it('holds no more than a little of what is written before a line is taken', async () => {
    const input = new PassThrough()
    const lines = readLines(input)
    let taken = true
    for (let n = 0; n < 1000 && taken; n += 1) taken = input.write('peers\n'.repeat(1000))
    expect(taken).toBe(false)
    expect((await lines.next()).value).toEqual({ text: 'peers' })
    expect(input.readableLength).toBeLessThan(1_000_000)
  })
})

it('ends where the input breaks off', async () => {
  const input = new PassThrough()
  const lines = readLines(input)
  input.write('a\nb')
  expect((await lines.next()).value).toEqual({ text: 'a' })
  input.destroy(new Error('EIO'))
  expect((await lines.next()).value).toEqual({ text: 'b' })
  expect((await lines.next()).done).toBe(true)
})
