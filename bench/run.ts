/**
 * Measures what the program promises of its speed, prints it as a table, and writes it to bench/results.json. Ends with
 * exit code 1 when a reading is above its bound or clearly worse than the one kept in bench/kept.json.
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setup as buildProgram } from '../test/support/build.ts'
import { chosen, findFigures } from './find-figures.ts'
import { readOptions } from './options.ts'
import { writeDocs } from './report/docs.ts'
import { readKept, writeKept } from './report/kept.ts'
import { busyWarning, machine } from './report/machine.ts'
import { measureAll } from './report/measure-all.ts'
import { plainTable } from './report/table.ts'

const RESULTS = join(import.meta.dirname, 'results.json')

const warning = busyWarning()
if (warning !== undefined) console.warn(warning)
const options = readOptions(process.argv.slice(2))
buildProgram()
const figures = chosen(await findFigures(), options).map(({ figure }) => figure)
const { readings, failures } = await measureAll(figures, readKept(), ({ title }, tookMs) =>
  console.log(`${title} (${(tookMs / 1000).toFixed(0)} s)`),
)

console.log(`\n${plainTable(readings)}\n`)
writeFileSync(RESULTS, `${JSON.stringify({ machine: machine(), warning, readings, failures }, null, 2)}\n`)
if (options.keep) writeKept(readings)
if (options.docs) writeDocs(readings)

for (const line of failures) console.error(line)
// A figure that broke may have left a timer or a socket: everything is written, nothing is waited for.
process.exit(failures.length === 0 ? 0 : 1)
