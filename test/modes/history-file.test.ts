import { execFileSync } from 'node:child_process'
import { chmod, mkdir, mkdtemp, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { say } from '../../src/core/safe-text.ts'
import { openHistory } from '../../src/modes/history-file.ts'

let directory: string
let path: string

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'history-'))
  path = join(directory, 'profile', 'history')
})

afterEach(() => rm(directory, { recursive: true }))

async function given(content: string | Buffer): Promise<void> {
  await mkdir(join(directory, 'profile'))
  await writeFile(path, content)
}

describe('openHistory', () => {
  it('starts empty, and the next run finds what was entered', async () => {
    const first = await openHistory(path)
    expect(first).toMatchObject({ history: [] })
    expect(first.notice).toBeUndefined()
    await Promise.all([first.append(say`peers`), first.append(say`ping 日本`), first.append(say`quit`)])
    expect((await openHistory(path)).history).toEqual(['peers', 'ping 日本', 'quit'])
  })

  it('keeps others from reading it, also when the file was open to them', async () => {
    await given('peers\n')
    await chmod(path, 0o644)
    await (await openHistory(path)).append(say`quit`)
    expect((await stat(path)).mode & 0o777).toBe(0o600)
  })

  it('loses nothing when two copies write at once', async () => {
    const [one, other] = await Promise.all([openHistory(path), openHistory(path)])
    const numbers = Array.from({ length: 50 }, (_, n) => n)
    await Promise.all(numbers.flatMap(n => [one.append(say`one ${n}`), other.append(say`other ${n}`)]))
    const { history } = await openHistory(path)
    expect(history).toHaveLength(100)
    expect(history.filter(line => line.startsWith('one'))).toEqual(numbers.map(n => `one ${n}`))
    expect(history.filter(line => line.startsWith('other'))).toEqual(numbers.map(n => `other ${n}`))
  })

  it('makes what it reads safe to print', async () => {
    await given('peers\n\x1b]0;owned\x07\npi\u202eng\r\n\n')
    expect((await openHistory(path)).history).toEqual(['peers', '\ufffd]0;owned\ufffd', 'pi\ufffdng'])
  })

  it('keeps the newest thousand', async () => {
    await given(Array.from({ length: 1500 }, (_, n) => `ping ${n}\n`).join(''))
    const { history } = await openHistory(path)
    expect(history).toHaveLength(1000)
    expect(history.at(-1)).toBe('ping 1499')
  })

  it('reads the end of a file of any size', async () => {
    await given(`${'日'.repeat(200_000)}\nping @\n`)
    const long = await openHistory(path)
    expect(long.history).toEqual(['ping @'])
    // A gap of zeros, larger than memory would hold, is no history.
    await truncate(path, 2 ** 33)
    const { history, notice } = await openHistory(path)
    expect(history).toEqual([])
    expect(notice).toContain('holds something else')
  })

  it('leaves a file alone that holds something else', async () => {
    const binary = Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 0, 1])
    await given(binary)
    const file = await openHistory(path)
    expect(file.notice).toMatch(/^No command history: the file holds something else/)
    expect(await file.append(say`peers`)).toBeUndefined()
    expect(await readFile(path)).toEqual(binary)
  })

  it('survives a directory and a pipe in its place', async () => {
    await mkdir(path, { recursive: true })
    expect((await openHistory(path)).notice).toContain('not a regular file')
    await rm(path, { recursive: true })
    // Reading a pipe that nobody writes to would never end.
    execFileSync('mkfifo', [path])
    expect((await openHistory(path)).notice).toContain('not a regular file')
  })

  it('says why a line could not be kept, and goes on', async () => {
    await writeFile(join(directory, 'profile'), 'a file where the directory should be')
    const file = await openHistory(path)
    expect(file).toMatchObject({ history: [], notice: expect.stringContaining('ENOTDIR') })
    await rm(join(directory, 'profile'))
    const fresh = await openHistory(path)
    await mkdir(path, { recursive: true })
    expect(await fresh.append(say`peers`)).toMatch(/^The command was not kept in the history: /)
    await rm(path, { recursive: true })
    expect(await fresh.append(say`quit`)).toBeUndefined()
    expect(await readFile(path, 'utf8')).toBe('quit\n')
  })
})
