/** The attacks themselves run by `npm run attack`; this is about what runs them. */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { withGenerated } from '../../bench/report/docs.ts'
import type { Judged } from '../../bench/report/judge.ts'
import { findAttack, findAttacks } from './attacks/harness/find-attacks.ts'
import { attackTable, markdown, readBefore } from './attacks/harness/report.ts'

const READINGS: Judged[] = [
  {
    name: 'a flood: own dials',
    value: 1.2,
    unit: 'x',
    atMost: 3,
    verdict: 'ok',
    note: '20 dials | 0 failed',
  },
  {
    name: 'a flood: time to recover',
    value: Number.POSITIVE_INFINITY,
    unit: 'ms',
    atMost: 9,
    verdict: 'above its bound',
  },
  { name: 'a flood: share of a core', value: 40, unit: '%', verdict: 'printed' },
]

describe('the attacks', () => {
  it('each have a title of their own, by which their file gives them again', async () => {
    const all = await findAttacks()
    const titles = all.map(({ attack }) => attack.title)
    expect(new Set(titles).size).toBe(titles.length)
    for (const { file, attack } of all) expect(await findAttack(file, attack.title)).toBe(attack)
    await expect(findAttack(all[0]?.file ?? '', 'no such')).rejects.toThrow('no such')
  })

  it('were all measured on the build that they were written against', async () => {
    const measured = Object.keys(readBefore())
    for (const { attack } of await findAttacks()) {
      expect(
        measured.some(name => name.startsWith(`${attack.title}: `)),
        attack.title,
      ).toBe(true)
    }
  })
})

describe('the table of attacks', () => {
  it('shows what was before and what is now, and never for what does not end', () => {
    const table = attackTable(READINGS, { 'a flood: own dials': 31.24, 'a flood: time to recover': 40 })
    expect(table.split('\n').map(line => line.split(/ {2,}/))).toEqual([
      ['attack', 'before', 'now', 'bound', 'verdict', 'beside it'],
      ['a flood: own dials', '31.24x', '1.2x', '<= 3x', 'ok', '20 dials | 0 failed'],
      ['a flood: time to recover', '40 ms', 'never', '<= 9 ms', 'above its bound'],
      ['a flood: share of a core', '40 %'],
    ])
  })

  it('has in the documentation what is held to a bound, between its marks', () => {
    const page = readFileSync(new URL('../../docs/security.md', import.meta.url), 'utf8')
    const table = markdown(READINGS, {})
    expect(table.split('\n')).toHaveLength(4)
    expect(table).toContain('20 dials \\| 0 failed')
    for (const command of ['npm run attack -- --docs', 'npm run soak -- --docs']) {
      const written = withGenerated(page, command, table)
      expect(written).toContain(table)
      expect(withGenerated(written, command, 'again')).not.toContain('own dials |')
    }
  })
})
