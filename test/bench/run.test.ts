import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Figure, Reading } from '../../bench/figure.ts'
import { chosen, findFigures } from '../../bench/find-figures.ts'
import { readOptions } from '../../bench/options.ts'
import { measureAll } from '../../bench/report/measure-all.ts'
import { scratchDirectory } from '../support/scratch.ts'

const reading = (name: string, value: number): Reading => ({ name, value, unit: 'bytes', atMost: 40 })

function figure(title: string, ...readings: Reading[]): Figure {
  return { title, short: true, measure: async () => readings }
}

const broken: Figure = { title: 'broken', short: false, measure: () => Promise.reject(new Error('no pty')) }

describe('measureAll', () => {
  it('judges all readings and fails for none that keeps its bound', async () => {
    const told: string[] = []
    const figures = [figure('keys', reading('a', 40)), figure('lines', reading('b', 12))]
    const outcome = await measureAll(figures, {}, ({ title }) => told.push(title))
    expect(outcome.failures).toEqual([])
    expect(outcome.readings.map(({ name, verdict }) => [name, verdict])).toEqual([
      ['a', 'ok'],
      ['b', 'ok'],
    ])
    expect(told).toEqual(['keys', 'lines'])
  })

  it('names what fails, and goes on after a figure that breaks', async () => {
    const { failures, readings } = await measureAll(
      [broken, figure('keys', reading('a', 41), reading('b', 30))],
      { b: 1 },
      () => {},
    )
    expect(readings).toHaveLength(2)
    expect(failures).toEqual([
      'a: above its bound',
      'b: worse than kept',
      expect.stringMatching(/^broken: could not be measured\. Error: no pty/),
    ])
  })

  it('fails when nothing was measured, and when two readings would be kept under one name', async () => {
    expect((await measureAll([], {}, () => {})).failures).toEqual(['nothing was measured'])
    const figures = [figure('keys', reading('a', 1)), figure('lines', reading('a', 2))]
    expect((await measureAll(figures, {}, () => {})).failures).toEqual(['a: two readings have this name'])
  })
})

describe('the figures', () => {
  it('are found in files, alone or in arrays, and chosen by a word and by how steady they are', async () => {
    const folder = join(await scratchDirectory(), 'figures')
    mkdirSync(folder)
    const literal = (title: string, short: boolean) =>
      `{ title: '${title}', short: ${short}, measure: async () => [] }`
    writeFileSync(join(folder, 'b.ts'), `export const one = ${literal('Idle', false)}\nexport const AT = 3\n`)
    writeFileSync(
      join(folder, 'a.ts'),
      `export default [${literal('Keys', true)}, ${literal('Lines', true)}]\n`,
    )
    writeFileSync(join(folder, 'notes.md'), '')
    const all = await findFigures(folder)
    const titles = (...args: string[]) => chosen(all, readOptions(args)).map(found => found.figure.title)
    expect(titles()).toEqual(['Keys', 'Lines', 'Idle'])
    expect(titles('--short')).toEqual(['Keys', 'Lines'])
    expect(titles('--only', 'idle')).toEqual(['Idle'])
    expect(titles('--only', 'a')).toEqual(['Keys', 'Lines'])
  })

  it('of the bench itself are there, each with a title of its own', async () => {
    const titles = (await findFigures()).map(({ figure }) => figure.title)
    expect(titles).toContain('bytes for what changes')
    expect(new Set(titles).size).toBe(titles.length)
  })
})

describe('readOptions', () => {
  it('knows its options and no others', () => {
    expect(readOptions([])).toEqual({ short: false, keep: false, docs: false })
    expect(readOptions(['--short', '--keep', '--docs', '--only', 'key'])).toEqual({
      short: true,
      keep: true,
      docs: true,
      only: 'key',
    })
    expect(() => readOptions(['--fast'])).toThrow()
  })
})
