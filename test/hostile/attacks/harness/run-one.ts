/**
 * Measures one attack: `run-one.ts <file> <title> <program> <ms>` writes its readings to a file descriptor as JSON. Wants a
 * network and process ids of its own (spawn-alone.ts), and ends when its standard input does.
 */
import { writeFileSync } from 'node:fs'
import { findAttack } from './find-attacks.ts'
import { Stage } from './stage.ts'

/** Where the readings go: standard output is for what goes wrong. */
const ANSWER = 3

process.stdin.resume().on('end', () => process.exit(1))
const [file = '', title = '', program = '', forMs] = process.argv.slice(2)
const attack = await findAttack(file, title)
const stage = new Stage({ program, file, attack, forMs: Number(forMs) })
try {
  writeFileSync(ANSWER, JSON.stringify(await attack.measure(stage)))
} finally {
  await stage[Symbol.asyncDispose]()
}
process.exit(0)
