import { readdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Figure } from './figure.ts'
import type { BenchOptions } from './options.ts'

const FOLDER = join(import.meta.dirname, 'figures')

/** A figure and the file that it is from, without its ending. */
export interface FoundFigure {
  file: string
  figure: Figure
}

/** Every figure in bench/figures/, in the order of the files' names. */
export async function findFigures(folder = FOLDER): Promise<FoundFigure[]> {
  const files = readdirSync(folder).filter(name => name.endsWith('.ts'))
  const found = files.sort().map(async name => {
    const exported: Record<string, unknown> = await import(pathToFileURL(join(folder, name)).href)
    const figures = Object.values(exported).flat().filter(isFigure)
    return figures.map(figure => ({ file: basename(name, '.ts'), figure }))
  })
  return (await Promise.all(found)).flat()
}

/** Those that a run is asked for. */
export function chosen(all: readonly FoundFigure[], { short, only }: BenchOptions): FoundFigure[] {
  const word = only?.toLowerCase() ?? ''
  return all.filter(
    ({ file, figure }) => (figure.short || !short) && `${file} ${figure.title}`.toLowerCase().includes(word),
  )
}

function isFigure(value: unknown): value is Figure {
  return typeof value === 'object' && value !== null && 'measure' in value && 'title' in value
}
