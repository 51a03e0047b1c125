import { randomFillSync } from 'node:crypto'
import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Attack } from './harness/attack.ts'
import { finding } from './harness/finding.ts'
import { scratchHome, Victim } from './harness/victim.ts'

const WITHIN_MS = 10_000
const DATA = 'data'
/** The end of a table of LevelDB, by which it is known as one. */
const FOOTER_BYTES = 48

/** Bad luck: a disk that gives back other bytes than it was given. */
export const damagedStore: Attack = {
  title: 'a profile whose tables are damaged',
  short: true,
  async measure(stage) {
    const home = scratchHome()
    stage.use({ [Symbol.dispose]: () => rmSync(home, { recursive: true, force: true }) })
    const { friends: [friend = ''] = [] } = await stage
      .bystanders()
      .order({ do: 'gather', friends: 1, newcomers: 0 })
    const given = { home, args: ['--data-dir', DATA] }
    const first = await stage.victim(given)
    first.type(`dial ${friend}`)
    await first.until(() => first.told('dial:succeeded').length > 0, WITHIN_MS)
    first.type(`name ${friend.split('/').at(-1)} laptop`)
    await first.until(() => false, 1_000)
    await first.quit()
    // What was written last is in tables only once it has been opened again.
    await (await stage.victim(given)).quit()

    const damaged = tablesBelow(join(home, DATA))
    for (const table of damaged) {
      const bytes = readFileSync(table)
      randomFillSync(bytes, 0, Math.max(0, bytes.length - FOOTER_BYTES))
      writeFileSync(table, bytes)
    }
    const after = await stage.victim(given).catch(String)
    if (!(after instanceof Victim)) return [finding(this.title, 'does not start', 1, after.slice(0, 160))]
    after.type(`dial ${friend}`)
    await after.until(() => after.told('dial:succeeded').length > 0, WITHIN_MS)
    after.type('dial laptop')
    const dialed = () => [...after.told('dial:succeeded'), ...after.told('dial:failed')].length > 1
    const named = await after.until(() => dialed() || after.errors.includes('"failed"'), WITHIN_MS)
    const known = named && after.told('dial:succeeded').length > 1
    const told = [...after.told('warning:raised').map(({ cause }) => cause), after.errors].join(' ')
    return [
      finding(this.title, 'names lost', known ? 0 : 1, `${damaged.length} tables`),
      finding(this.title, 'untold', /damaged|read|store|corrupt/i.test(told) ? 0 : 1, told.slice(0, 120)),
    ]
  },
}

/** A local user who may put a profile of his own in the place of another. */
export const sharedFolder: Attack = {
  title: 'profiles in a folder that others can write',
  short: true,
  async measure(stage) {
    const home = scratchHome()
    stage.use({ [Symbol.dispose]: () => rmSync(home, { recursive: true, force: true }) })
    const profiles = join(home, DATA, 'profiles')
    mkdirSync(profiles, { recursive: true })
    chmodSync(profiles, 0o777)
    const started = await stage.victim({ home, args: ['--data-dir', DATA] }).catch(String)
    return [
      finding(
        this.title,
        'accepted',
        started instanceof Victim ? 1 : 0,
        started instanceof Victim ? '' : started.slice(0, 160).replaceAll('\n', ' '),
      ),
    ]
  },
}

function tablesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile() && /\.(ldb|log)$/.test(entry.name))
    .map(entry => join(entry.parentPath, entry.name))
}
