import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Attack } from './attack.ts'

const FOLDER = join(import.meta.dirname, '..')

/** An attack and the file that it is from. */
export interface FoundAttack {
  file: string
  attack: Attack
}

/** Every attack, in the order of the files' names. */
export async function findAttacks(): Promise<FoundAttack[]> {
  const files = readdirSync(FOLDER).filter(name => name.endsWith('.ts'))
  const found = files.sort().map(async name => {
    const file = join(FOLDER, name)
    return (await attacksIn(file)).map(attack => ({ file, attack }))
  })
  return (await Promise.all(found)).flat()
}

/** One of them. @throws if there is no such */
export async function findAttack(file: string, title: string): Promise<Attack> {
  const attack = (await attacksIn(file)).find(one => one.title === title)
  if (attack === undefined) throw new Error(`${file} has no attack ${title}`)
  return attack
}

async function attacksIn(file: string): Promise<Attack[]> {
  const exported: Record<string, unknown> = await import(pathToFileURL(file).href)
  return Object.values(exported).flat().filter(isAttack)
}

function isAttack(value: unknown): value is Attack {
  return typeof value === 'object' && value !== null && 'measure' in value && 'title' in value
}
