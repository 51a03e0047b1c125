/**
 * Measures what the program promises of its speed, prints it as a table, and writes it to bench/results.json. Ends with
 * exit code 1 when a reading is above its bound or clearly worse than the one kept in bench/kept.json.
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Figure, Reading } from './figure.ts'
import { chosen, findFigures } from './find-figures.ts'
import { readOptions } from './options.ts'
import { writeDocs } from './report/docs.ts'
import { failing, type Judged, judge } from './report/judge.ts'
import { readKept, writeKept } from './report/kept.ts'
import { machine } from './report/machine.ts'
import { plainTable } from './report/table.ts'

const RESULTS = join(import.meta.dirname, 'results.json')

const options = readOptions(process.argv.slice(2))
const kept = readKept()
const judged: Judged[] = []
const broken: string[] = []

for (const { figure } of chosen(await findFigures(), options)) {
  const started = performance.now()
  const readings = await measured(figure)
  console.log(`${figure.title} (${((performance.now() - started) / 1000).toFixed(0)} s)`)
  judged.push(...readings.map(reading => judge(reading, kept)))
}

console.log(`\n${plainTable(judged)}\n`)
writeFileSync(RESULTS, `${JSON.stringify({ machine: machine(), readings: judged }, null, 2)}\n`)
if (options.keep) writeKept(judged)
if (options.docs) writeDocs(judged)

const failed = [...failing(judged).map(({ name, verdict }) => `${name}: ${verdict}`), ...broken]
for (const line of failed) console.error(line)
if (judged.length === 0) console.error('nothing was measured')
// A figure that broke may have left a timer or a socket: what it measured is written, nothing else is waited for.
process.exit(failed.length === 0 && judged.length > 0 ? 0 : 1)

/** The readings of a figure; none if it breaks, which is a failure of the run but not its end. */
async function measured(figure: Figure): Promise<Reading[]> {
  try {
    return await figure.measure()
  } catch (error) {
    broken.push(`${figure.title}: could not be measured. ${error instanceof Error ? error.stack : error}`)
    return []
  }
}
