/**
 * The measured program: the screen as it is, over a node in a thread that does what it is told. Given
 * `ink-incremental`, the same screen drawn by Ink's own incremental mode, to compare with.
 */
import { render } from 'ink'
import { App } from '../../src/app.tsx'
import { type Clock, systemClock } from '../../src/core/clock.ts'
import type { NodePort } from '../../src/core/port.ts'
import { runTui } from '../../src/modes/tui.tsx'
import { DEFAULT_NODE_OPTIONS, type NodeOptions } from '../../src/node/options.ts'
import { startWorkerPort } from '../../src/node/port/worker-port.ts'
import { pump } from '../../src/store/pump.ts'
import { Store } from '../../src/store/store.ts'
import { colourTheme } from '../../src/ui/theme.ts'
import { Session } from '../../src/views/session/session.ts'
import type { ScreenSetting } from '../world/setting.ts'

const setting = JSON.parse(process.env.BENCH_SCREEN ?? '') as ScreenSetting
const node: NodeOptions = { ...DEFAULT_NODE_OPTIONS, ephemeral: true, mdns: false }
const port = startWorkerPort(node, { entry: new URL('./screen-node.js', import.meta.url) })
const clock = setting.stillTime ? stillClock() : systemClock
// Timers of the program keep no process alive; its terminal does while it is read, its node from when it listens.
const alive = setInterval(() => {}, 2 ** 30)

if (setting.writer === 'program') {
  process.exitCode = await runTui({ port, options: node, dial: [], colour: true, demo: true, clock })
} else {
  await drawnByInk(port, clock)
}
clearInterval(alive)
process.exit()

async function drawnByInk(port: NodePort, clock: Clock): Promise<void> {
  const store = new Store()
  const session = new Session({ store, port, clock, demo: true, mdns: false })
  void pump(port, store, clock)
  const instance = render(<App session={session} theme={colourTheme} />, {
    interactive: true,
    alternateScreen: true,
    incrementalRendering: true,
    exitOnCtrlC: false,
    maxFps: 60,
  })
  await instance.waitUntilExit()
  session.close()
  await port.stop()
}

/** No age on the screen grows: what changes is what was ordered. */
function stillClock(): Clock {
  const now = Date.UTC(2026, 0, 1, 12)
  return { ...systemClock, now: () => now }
}
