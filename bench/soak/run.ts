/**
 * `run.ts --minutes N [--docs]`: has the program run among fifty peers for so long, prints what it holds meanwhile, and ends
 * with exit code 1 when something grows. `--docs` writes the outcome to docs/security.md.
 */
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { setup as buildProgram } from '../../test/support/build.ts'
import { spawnAlone } from '../../test/support/spawn-alone.ts'
import { withGenerated } from '../report/docs.ts'
import { failing, judge } from '../report/judge.ts'
import { machine } from '../report/machine.ts'
import { markdownTable, plainTable } from '../report/table.ts'
import { judgeSoak, type Sample } from './judge.ts'
import { soak } from './soak.ts'

const DOCS = join(import.meta.dirname, '../../docs/security.md')
const SAMPLES = join(import.meta.dirname, 'samples.json')
const COMMAND = 'npm run soak -- --docs'
/** This run is the one that has a network of its own. */
const ALONE = 'P2P_TUI_SOAK_ALONE'
const MINUTE_MS = 60_000
/** From one sample to the next in a long run. */
const EVERY_MS = 30_000
/** From one sample to the next in a short run, at the least: to count what is alive takes a second of each thread. */
const LEAST_EVERY_MS = 15_000
const SAMPLES_OF_SHORT = 18

const { minutes: given, docs } = parseArgs({
  options: { minutes: { type: 'string', default: '10' }, docs: { type: 'boolean', default: false } },
}).values
const minutes = Number(given)
if (!(minutes > 0)) throw new Error('--minutes takes a number above 0')

process.exit(process.env[ALONE] === undefined ? await apart() : await here())

/** Starts this anew with a network of its own. @returns its exit code */
async function apart(): Promise<number> {
  buildProgram()
  const child = spawnAlone([process.execPath, import.meta.filename, ...process.argv.slice(2)], {
    // Its end is the sign for the other one to end.
    stdio: ['pipe', 'inherit', 'inherit'],
    env: { ...process.env, [ALONE]: '1' },
  })
  const [code] = await once(child, 'close')
  return code ?? 1
}

async function here(): Promise<number> {
  process.stdin.resume().on('end', () => process.exit(1))
  const everyMs = Math.min(EVERY_MS, Math.max(LEAST_EVERY_MS, (minutes * MINUTE_MS) / SAMPLES_OF_SHORT))
  const samples = await soak(minutes, everyMs, sample => console.error(line(sample)))
  writeFileSync(SAMPLES, `${JSON.stringify({ machine: machine(), samples }, null, 2)}\n`)
  const readings = judgeSoak(samples).map(reading => judge(reading, {}))
  console.log(`\n${plainTable(readings)}\n`)
  if (docs) {
    const table = `${markdownTable(readings)}\n\nMeasured on ${machine()}.`
    writeFileSync(DOCS, withGenerated(readFileSync(DOCS, 'utf8'), COMMAND, table))
  }
  const failures = failing(readings)
  for (const { name, verdict } of failures) console.error(`${name}: ${verdict}`)
  return failures.length === 0 ? 0 : 1
}

function line({ minute, visits, heapMb, residentMb, ...counts }: Sample): string {
  const { handles, timers, listeners, descriptors, diskMb } = counts
  return [
    `${minute.toFixed(1).padStart(5)} min`,
    `visits ${visits}`,
    `heap ${heapMb.toFixed(1)} MB`,
    `resident ${residentMb.toFixed(0)} MB`,
    `handles ${handles}`,
    `timers ${timers}`,
    `listeners ${listeners}`,
    `descriptors ${descriptors}`,
    `disk ${diskMb.toFixed(2)} MB`,
  ].join('  ')
}
