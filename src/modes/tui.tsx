/** The screen: a node's port on one side, a person's terminal on the other. */
import { join } from 'node:path'
import { render } from 'ink'
import { App } from '../app.tsx'
import type { Cancel, Clock } from '../core/clock.ts'
import type { NodePort } from '../core/port.ts'
import { safeMessage } from '../core/safe-text.ts'
import type { NodeOptions } from '../node/options.ts'
import { profileDirectory } from '../node/profile/directory.ts'
import { pump } from '../store/pump.ts'
import { Store } from '../store/store.ts'
import { ScreenOutput } from '../ui/screen/screen-output.ts'
import { colourTheme, monochromeTheme } from '../ui/theme.ts'
import { Session } from '../views/session/session.ts'
import { openHistory } from './history-file.ts'
import { stopPort } from './stopping.ts'
import { clipboardSequence } from './terminal/clipboard.ts'
import { type Ending, watchEndings } from './terminal/endings.ts'
import { openTerminalLine } from './terminal/line/open.ts'
import { glyphsFor } from './terminal/signs.ts'
import { guardStderr } from './terminal/stderr-guard.ts'
import { jobControl } from './terminal/suspend.ts'
import { failureText } from './trouble.ts'

export interface TuiOptions {
  port: NodePort
  /** How the node was started. */
  options: NodeOptions
  /** Multiaddrs to dial once the node runs. */
  dial: readonly string[]
  /** Where the history of commands is kept. @default the platform's data directory */
  dataDir?: string
  colour: boolean
  /** True: the network is made up, and nothing is kept. */
  demo: boolean
  clock: Clock
}

/** As good as no limit: events are throttled by the store, and a key's frame is not to wait for another one's turn. */
const MAX_FPS = 1000

/**
 * Runs the screen until the person quits or something ends it, gives the terminal back and stops the node.
 *
 * @returns the exit code: 0 quit, 1 the node or the screen failed, 128 and its number for a signal
 */
export async function runTui(tui: TuiOptions): Promise<number> {
  const { port, clock, colour } = tui
  const { stdin, stdout, stderr, env } = process
  const store = new Store()
  const terminal = openTerminalLine({ stdin, stdout, stderr, clock })
  const output = new ScreenOutput(terminal.line)
  const session = await openSession(tui, store, output)
  const suspension = jobControl(process, () => terminal.handedBack())
  const instance = render(
    <App session={session} theme={colour ? colourTheme : monochromeTheme} suspension={suspension} />,
    {
      stdin: terminal.stdin,
      // Ink uses of a terminal's stream what this one has, and no more.
      stdout: output as unknown as NodeJS.WriteStream,
      // The decision for a screen has been made; in CI Ink would draw the last frame only.
      interactive: true,
      alternateScreen: true,
      exitOnCtrlC: false,
      maxFps: MAX_FPS,
    },
  )
  // Ink has entered the alternate screen, and the first frame is drawn when this turn is over.
  terminal.ask()
  let ending: Ending | undefined
  const stopWatching = watchEndings({ process, stdin, stdout }, what => {
    ending = what
    instance.unmount()
  })
  const releaseStderr = guardStderr(stderr, text =>
    store.dispatch({ type: 'notice', notice: { tone: 'warn', text } }),
  )
  const stopDialing = dialOnceRunning(store, session, tui.dial)
  const fed = pump(port, store, clock)

  try {
    await instance.waitUntilExit()
  } catch (error) {
    ending ??= { exitCode: 1, error }
  }
  stopDialing()
  session.close()
  // What is typed from now on is for the shell.
  await terminal.close()
  releaseStderr()
  const failure = store.end?.how === 'failed' ? store.end.failure : undefined
  if (ending?.error !== undefined) stderr.write(`p2p-tui: ${errorText(ending.error, env)}\n`)
  if (failure !== undefined) stderr.write(`p2p-tui: ${failureText(failure)}\n`)
  const stopped = await stopPort(port, clock, NEVER)
  if (stopped !== undefined) await fed
  stopWatching()
  return ending?.exitCode ?? (store.end?.how === 'failed' ? 1 : 0)
}

/** An error in a person's words; with DEBUG set, where it happened too. What it says may come from anywhere. */
function errorText(error: unknown, { DEBUG }: NodeJS.ProcessEnv): string {
  if (!DEBUG || !(error instanceof Error)) return safeMessage(error)
  return (error.stack ?? error.message)
    .split('\n')
    .map(line => safeMessage(line))
    .join('\n')
}

const NEVER = new Promise<void>(() => {})

async function openSession(tui: TuiOptions, store: Store, output: ScreenOutput): Promise<Session> {
  const { port, options, demo, clock } = tui
  const { env } = process
  const path = historyPath(tui)
  const file = path === undefined ? undefined : await openHistory(path)
  if (file?.notice !== undefined) {
    store.dispatch({ type: 'notice', notice: { tone: 'warn', text: file.notice } })
  }
  return new Session({
    store,
    port,
    clock,
    demo,
    mdns: options.mdns,
    glyphs: glyphsFor(env),
    ...(file === undefined ? {} : { history: file.history, remember: line => file.append(line) }),
    redraw: () => output.redraw(),
    copy(text) {
      const sequence = clipboardSequence(text, env.TMUX !== undefined)
      // It moves nothing on the screen, so it may go between two frames.
      if (sequence !== undefined) output.write(sequence)
    },
  })
}

/** Where the history of commands is kept: with the profile. Undefined where nothing is to be kept. */
function historyPath({ options, demo, dataDir }: TuiOptions): string | undefined {
  if (demo || options.ephemeral) return undefined
  try {
    const directory = profileDirectory({
      profile: options.profile,
      ...(dataDir === undefined ? {} : { dataDir }),
    })
    return join(directory, 'history')
  } catch {
    // Not a profile's name: the node will say so.
    return undefined
  }
}

/** Dials what was asked for on the command line, as if it had been typed, once there is a node to do it. */
function dialOnceRunning(store: Store, session: Session, targets: readonly string[]): Cancel {
  let done = targets.length === 0
  return store.subscribe(() => {
    if (done || store.swarm.node.status !== 'running') return
    done = true
    for (const target of targets) session.run(`dial ${target}`)
  })
}
