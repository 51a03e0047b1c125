/** A person at the command bar (or at a pipe) of the fake network. */
import type { CommandContext, OneShotContext, Reply } from '../../src/commands/command.ts'
import { parseLine } from '../../src/commands/line/parse.ts'
import type { Place } from '../../src/commands/usage.ts'
import type { NodePort } from '../../src/core/port.ts'
import type { SafeText } from '../../src/core/safe-text.ts'
// Loaded beforehand: what is loaded with the first query takes time that a clock turned by hand knows nothing of.
import '../../src/node/fake/dht/fake-routing.ts'
import { type FakePort, startFakePort } from '../../src/node/fake/fake-port.ts'
import { reduceScreen } from '../../src/store/screen/reduce-screen.ts'
import { INITIAL_SCREEN, type ScreenState } from '../../src/store/screen/screen-state.ts'
import { ManualClock } from './manual-clock.ts'

const ONE_SHOT: OneShotContext = {
  waitForPeerMs: 3000,
  bootstrap: [],
  relays: [],
  autonat: false,
  upnp: false,
}

export class CommandRun {
  readonly clock = new ManualClock()
  readonly fake: FakePort
  readonly port: NodePort
  readonly replies: Reply[] = []
  readonly copied: SafeText[] = []
  readonly cancel = new AbortController()
  screen: ScreenState = INITIAL_SCREEN
  selected: SafeText | undefined
  quits = 0
  readonly place: Place

  readonly #asked: Partial<OneShotContext>

  /** @param options `dht`: some of the network take part in one; `asked`: what the program was started with */
  constructor(
    place: Place = 'screen',
    { dht = false, asked = {} }: { dht?: boolean; asked?: Partial<OneShotContext> } = {},
  ) {
    this.place = place
    this.#asked = asked
    this.fake = startFakePort({ clock: this.clock, lively: false, dht })
    this.port = this.fake.port
  }

  /** Lets time pass until `promise` settles. */
  async passing<T>(promise: Promise<T>, until = 60_000): Promise<T> {
    let settled = false
    const end = () => {
      settled = true
    }
    promise.then(end, end)
    for (let passed = 0; !settled && passed < until; passed += 10) await this.clock.advanceAsync(10)
    return await promise
  }

  /** Waits until the network is there. */
  async ready(): Promise<this> {
    await this.clock.advanceAsync(2000, 10)
    return this
  }

  /** Types a line. What it answers is in `replies`. @throws what the command throws */
  run(line: string): Promise<void> {
    return this.passing(this.start(line))
  }

  /** {@link run}, without letting time pass. */
  async start(line: string): Promise<void> {
    const parsed = parseLine(line, this.place)
    if (parsed === undefined || !parsed.ok) throw new Error(`no command: ${parsed?.error.failure.cause}`)
    await parsed.command.run(parsed.args, this.context())
  }

  get lines(): string[] {
    return this.replies.map(({ text }) => text)
  }

  context(): CommandContext {
    const onScreen: Partial<CommandContext> = {
      screen: {
        state: () => this.screen,
        dispatch: action => {
          this.screen = reduceScreen(this.screen, action)
        },
        logEnd: () => 42,
        copy: text => this.copied.push(text),
      },
    }
    return {
      port: this.port,
      clock: this.clock,
      signal: this.cancel.signal,
      swarm: () => this.fake.state(),
      selected: () => this.selected,
      reply: reply => this.replies.push(reply),
      quit: () => {
        this.quits += 1
      },
      ...(this.place === 'screen' ? onScreen : {}),
      ...(this.place === 'oneShot' ? { oneShot: { ...ONE_SHOT, ...this.#asked } } : {}),
    }
  }
}
