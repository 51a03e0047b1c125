/**
 * Takes the pictures in docs/: runs the demo as it is built, waits until there is something to see, and writes what its
 * terminal shows. `--png <directory>` also writes them as PNG, to look at them.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { Resvg } from '@resvg/resvg-js'
import { DemoScreen } from './picture/demo-screen.ts'
import { toSvg } from './picture/svg.ts'

const DOCS = join(import.meta.dirname, '../docs')
const COLUMNS = 132
const ROWS = 26
/** The details are taller, and narrower. */
const PEER_COLUMNS = 96
const PEER_ROWS = 42
/** Used for the PNG; a browser takes what its machine has. */
const FONT = 'DejaVu Sans Mono'

const { png } = parseArgs({ options: { png: { type: 'string' } } }).values
const screen = new DemoScreen(COLUMNS, ROWS)
try {
  // A peer that answers on the local network, pinged once a second until there is a trend.
  const near = (row: string) => /^.● .*\d ms .*mdns/.test(row)
  await screen.waitFor(rows => connected(rows) >= 7 && rows.some(near))
  await select(near)
  screen.press('P')
  await screen.waitFor(rows => calm(rows) && trends(rows) >= 5)
  save('screen', 'p2p-tui')
  await view('2', rows => rows.some(row => row.includes('relayed') || row.includes('punched')))
  save('connections', 'p2p-tui: connections')
  await view('4', rows => rows.some(row => row.includes('held')))
  save('relays', 'p2p-tui: relays and reachability')
  await view('1', rows => rows.some(row => row.startsWith('▸')))
  screen.resize(PEER_COLUMNS, PEER_ROWS)
  screen.press('\r')
  await screen.waitFor(rows => calm(rows) && rows.some(row => row.startsWith('Protocols')))
  save('peer', 'p2p-tui: a peer')
} finally {
  await screen.close()
}

/** Opens a view, and waits until it shows something worth a picture. */
async function view(key: string, shows: (rows: string[]) => boolean): Promise<void> {
  screen.press(key)
  await screen.waitFor(rows => calm(rows) && (rows.at(-1) ?? '').includes(`[${key} `) && shows(rows))
}

function connected(rows: string[]): number {
  return Number(/(\d+) connected/.exec(rows[0] ?? '')?.[1] ?? 0)
}

/** True while no warning takes a line. */
function calm(rows: string[]): boolean {
  return !rows.some(row => row.startsWith(' ! '))
}

/** Peers whose last pings fill the column of their trend. */
function trends(rows: string[]): number {
  return rows.filter(row => /[▁▂▃▄▅▆▇█×]{6}/.test(row)).length
}

/** Moves the selection down to the first row of which `wanted` holds. */
async function select(wanted: (row: string) => boolean): Promise<void> {
  const selected = (rows: string[]) => rows.find(row => row.startsWith('▸')) ?? ''
  // What else is in a row changes by itself.
  const peer = (rows: string[]) => selected(rows).slice(0, 12)
  while (!wanted(selected(screen.rows()))) {
    const before = peer(screen.rows())
    screen.press('j')
    await screen.waitFor(rows => peer(rows) !== before)
  }
}

function save(name: string, title: string): void {
  const svg = toSvg(screen.cells(), title)
  writeFileSync(join(DOCS, `${name}.svg`), svg)
  if (png === undefined) return
  mkdirSync(png, { recursive: true })
  const image = new Resvg(svg, {
    fitTo: { mode: 'zoom', value: 1.5 },
    font: { defaultFontFamily: FONT },
  }).render()
  writeFileSync(join(png, `${name}.png`), image.asPng())
}
