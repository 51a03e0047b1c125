/** Writes the generated parts of docs/. `--check` writes nothing and fails when they are out of date. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { answersPage, answersSchema } from './docs/answers-page.ts'
import { commandsPage, keysPage } from './docs/commands-page.ts'
import { eventsPage, eventsSchema } from './docs/events-page.ts'
import { limitsPage } from './docs/limits-page.ts'

const root = join(import.meta.dirname, '..')

/** File by file, what it should hold. */
export async function generated(): Promise<ReadonlyMap<string, string>> {
  return new Map([
    ['docs/events.md', eventsPage()],
    ['docs/events.schema.json', eventsSchema()],
    ['docs/answers.md', await answersPage()],
    ['docs/answers.schema.json', answersSchema()],
    ['docs/commands.md', commandsPage()],
    ['docs/keys.md', keysPage()],
    ['docs/limits.md', limitsPage()],
  ])
}

/** The files whose text is not what it should be. */
export async function outOfDate(): Promise<string[]> {
  return [...(await generated())]
    .filter(
      ([file, text]) => !existsSync(join(root, file)) || readFileSync(join(root, file), 'utf8') !== text,
    )
    .map(([file]) => file)
}

if (import.meta.main) {
  if (process.argv.includes('--check')) {
    const files = await outOfDate()
    for (const file of files) console.error(`${file} is out of date: run npm run docs`)
    process.exitCode = files.length === 0 ? 0 : 1
  } else {
    for (const [file, text] of await generated()) {
      mkdirSync(dirname(join(root, file)), { recursive: true })
      writeFileSync(join(root, file), text)
    }
  }
}
