import { describe, expect, it } from 'vitest'
import { type SafeText, say } from '../../../src/core/safe-text.ts'
import type { Warning } from '../../../src/core/swarm.ts'
import { rowsWanted, warningRows } from '../../../src/views/status-line/warning-rows.ts'

const warning = (topic: Warning['topic'], cause: SafeText, hint: SafeText): Warning => ({
  topic,
  cause,
  hint,
  time: 1,
})
const short = warning('mdns', say`Port 5353 is taken`, say`Stop the other program`)
const long = warning(
  'offenders',
  say`127.0.0.5: 385/s refused, too many connections (host-rate)`,
  say`block 127.0.0.5 in your firewall if you don't know it; others get in`,
)

function rows(warnings: readonly Warning[], columns: number, most = rowsWanted(warnings, columns)): string[] {
  return warningRows(warnings, { columns, rows: most, dot: say`·` }).map(row =>
    row.spans.map(span => span.text).join(''),
  )
}

describe('a warning', () => {
  it('is one row where all of it fits', () => {
    expect(rows([short], 80)).toEqual([' ! mdns Port 5353 is taken  · Stop the other program'])
    expect(rows([long], 140)).toHaveLength(1)
  })

  it('has a second row for what to do where one has no room for it', () => {
    expect(rows([long], 80)).toEqual([` ! ${long.cause}`, `   ${long.hint}`])
    expect(rows([short], 50)).toEqual([' ! mdns Port 5353 is taken', '   Stop the other program'])
  })

  it('is one row where the screen has no second one', () => {
    expect(rows([long], 80, 1)).toEqual([` ! ${long.cause}  · ${long.hint}`])
  })

  it('says how many there are beyond', () => {
    expect(rows([long, short], 80)).toHaveLength(3)
    expect(rows([long, short], 80, 2)).toEqual([` +1 ! ${long.cause}`, `   ${long.hint}`])
    expect(rows([short, long, short], 80, 2)[1]).toBe(` +1 ! ${long.cause}  · ${long.hint}`)
  })
})
