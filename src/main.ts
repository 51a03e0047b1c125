/** From the process's arguments to one of the modes. What is not used is not loaded. */
import { readFileSync } from 'node:fs'
import { systemClock } from './core/clock.ts'
import { safeText, say } from './core/safe-text.ts'
import { answerLine } from './modes/answer-line.ts'
import { type Asked, readCommandLine, verbAmong } from './modes/command-line.ts'
import type { ModeIo } from './modes/io.ts'
import { readSettings } from './modes/options/read-settings.ts'
import type { Settings } from './modes/options/settings.ts'
import { UsageProblem } from './modes/options/usage-problem.ts'
import { keepHeapSmall } from './modes/small-heap.ts'

const WRONG_USAGE = 2

/**
 * Runs the program.
 *
 * @param argv the arguments, without Node and the script
 * @returns the exit code
 */
export async function main(argv: readonly string[]): Promise<number> {
  // Timers of the program keep no process alive, a node's thread and an open terminal do: for the time between.
  const alive = setInterval(() => {}, 2 ** 30)
  try {
    const asked = readCommandLine(argv, version)
    if ('answer' in asked) {
      process.stdout.write(asked.answer)
      return 0
    }
    return await run(asked, await readSettings(asked, process.env))
  } catch (error) {
    if (!(error instanceof UsageProblem)) throw error
    process.stderr.write(`${usageProblem(argv, error)}\n`)
    return WRONG_USAGE
  } finally {
    clearInterval(alive)
  }
}

/** What is wrong with the arguments, and where to read more. As data for who asked for it. */
function usageProblem(argv: readonly string[], { text, hint }: UsageProblem): string {
  const verb = verbAmong(argv)
  const help =
    hint ?? (verb === undefined ? say`Try p2p-tui --help` : say`Try p2p-tui ${safeText(verb)} --help`)
  if (verb === undefined || !argv.includes('--json')) return `p2p-tui: ${text}\n${help}`
  return answerLine(
    { type: 'failed', verb: safeText(verb), stage: 'usage', cause: text, hint: help },
    systemClock,
  )
}

async function run({ oneShot }: Asked, settings: Settings): Promise<number> {
  const { json, demo, node } = settings
  if (node.logFile !== undefined) await (await import('./modes/log-file.ts')).checkLogFile(node.logFile)
  const io: ModeIo = { clock: systemClock, out: process.stdout, err: process.stderr, signals: process }

  if (oneShot === undefined) return hasScreen(settings) ? await screen(settings) : await lines(settings, io)
  if (oneShot.command.verb === 'id' && !demo) {
    return await (await import('./modes/show-id.ts')).showId(node, json, io)
  }
  const { runOneShot } = await import('./modes/one-shot.ts')
  const { oneShotNode } = await import('./modes/one-shot-node.ts')
  const { bootstrap, relays = [], autonat = false, upnp = false } = node
  const shot = { ...oneShot, json, asked: { bootstrap, relays, autonat, upnp } }
  const port = await open(settings, oneShotNode(settings, shot))
  return await runOneShot(port, shot, io)
}

/** A screen needs a terminal on both sides that can move its cursor. */
function hasScreen({ headless, json }: Settings): boolean {
  return !headless && !json && process.stdin.isTTY && process.stdout.isTTY && process.env.TERM !== 'dumb'
}

async function lines(settings: Settings, io: ModeIo): Promise<number> {
  const { runHeadless } = await import('./modes/headless.ts')
  const port = await open(settings, settings.node)
  // Reading from a terminal would stop a program in the background.
  const input = process.stdin.isTTY ? {} : { input: process.stdin }
  return await runHeadless({ port, json: settings.json, dial: settings.dial }, { ...io, ...input })
}

async function screen(settings: Settings): Promise<number> {
  const { colour, demo, dial, node } = settings
  if (!colour) withoutColour()
  const port = await open(settings, node)
  const { runTui } = await import('./modes/tui.tsx')
  const dataDir = node.dataDir === undefined ? {} : { dataDir: node.dataDir }
  return await runTui({ port, options: node, dial, ...dataDir, colour, demo, clock: systemClock })
}

/**
 * Before the library of colours loads: it heeds this variable only, and at 0 it would leave out bold and inverse too,
 * which the monochrome theme lives of. Node complains when both variables are set.
 */
function withoutColour(): void {
  process.env.FORCE_COLOR = '1'
  delete process.env.NO_COLOR
}

async function open(settings: Settings, nodeOptions: Settings['node']) {
  keepHeapSmall()
  const { openPort } = await import('./modes/open-port.ts')
  return await openPort({ demo: settings.demo, nodeOptions, clock: systemClock })
}

function version(): string {
  // One folder up in the sources and in the build.
  const manifest: { version: string } = JSON.parse(
    readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
  )
  return manifest.version
}
