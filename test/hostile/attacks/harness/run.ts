/**
 * Attacks the program as it is built, prints what it took as a table, and ends with exit code 1 when something does not
 * hold. Each attack has a network namespace of its own.
 */
import { once } from 'node:events'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { Figure, Reading } from '../../../../bench/figure.ts'
import { machine } from '../../../../bench/report/machine.ts'
import { measureAll } from '../../../../bench/report/measure-all.ts'
import { setup as buildProgram } from '../../../support/build.ts'
import { spawnAlone } from '../../../support/spawn-alone.ts'
import { type FoundAttack, findAttacks } from './find-attacks.ts'
import { NETWORK } from './hosts.ts'
import { attackTable, readBefore, writeBefore, writeDocs } from './report.ts'

const RUN_ONE = join(import.meta.dirname, 'run-one.ts')
const CLI = join(import.meta.dirname, '../../../../dist/cli.js')
/** How long attacks go on that have no end of their own, in ms. */
const FOR_MS = { short: 3_000, long: 10_000 }
/** An attack that has not been measured by then is given up. */
const AT_MOST_MS = 240_000

const options = parseArgs({
  options: {
    /** Only what is short and steady enough for CI, and for a shorter time. */
    short: { type: 'boolean', default: false },
    /** How many seconds attacks go on that have no end of their own. */
    seconds: { type: 'string' },
    /** Only attacks with this in their title or file name. */
    only: { type: 'string', default: '' },
    /** Prints JSON in place of a table. */
    json: { type: 'boolean', default: false },
    /** Writes the table to docs/security.md. */
    docs: { type: 'boolean', default: false },
    /** Attacks another build: a path to its cli.js. */
    program: { type: 'string' },
    /** Writes the readings to before.json, as what an older build did. */
    before: { type: 'boolean', default: false },
  },
}).values
if (options.program === undefined) buildProgram()
const program = options.program ?? CLI
const forMs =
  options.seconds === undefined ? FOR_MS[options.short ? 'short' : 'long'] : Number(options.seconds) * 1000
if (!(forMs > 0)) throw new Error('--seconds takes a number above 0')

const word = options.only.toLowerCase()
const chosen = (await findAttacks()).filter(
  ({ file, attack }) =>
    (attack.short || !options.short) && `${file} ${attack.title}`.toLowerCase().includes(word),
)
const { readings, failures } = await measureAll(chosen.map(figure), {}, ({ title }, tookMs) =>
  console.error(`${title} (${(tookMs / 1000).toFixed(0)} s)`),
)

if (options.json) console.log(JSON.stringify({ machine: machine(), readings, failures }, null, 2))
else console.log(`\n${attackTable(readings, readBefore())}\n`)
if (options.before) writeBefore(readings)
if (options.docs) writeDocs(readings)
for (const line of failures) console.error(line)
process.exit(failures.length === 0 ? 0 : 1)

/** An attack as something that can be measured from outside of its namespace. */
function figure({ file, attack: { title, short } }: FoundAttack): Figure {
  return { title, short, measure: () => twiceIfNeeded(file, title) }
}

/** What does not hold is measured once more: machines have other work now and then. */
async function twiceIfNeeded(file: string, title: string): Promise<Reading[]> {
  const readings = await alone(file, title)
  if (readings.every(({ value, atMost }) => atMost === undefined || value <= atMost)) return readings
  console.error(`${title}: once more`)
  return await alone(file, title)
}

async function alone(file: string, title: string): Promise<Reading[]> {
  const words = [process.execPath, RUN_ONE, file, title, program, String(forMs)]
  const child = spawnAlone(words, { networks: [NETWORK], stdio: ['pipe', 'inherit', 'inherit', 'pipe'] })
  const late = setTimeout(() => child.kill('SIGKILL'), AT_MOST_MS)
  let answer = ''
  child.stdio[3]?.on('data', text => {
    answer += text
  })
  const [code, signal] = await once(child, 'close')
  clearTimeout(late)
  if (code !== 0) throw new Error(signal === null ? `it ended with exit code ${code}` : `it took too long`)
  // JSON has no infinity.
  const readings = JSON.parse(answer) as (Omit<Reading, 'value'> & { value: number | null })[]
  return readings.map(({ value, ...reading }) => ({ ...reading, value: value ?? Number.POSITIVE_INFINITY }))
}
