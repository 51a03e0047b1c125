import type { Attack, Target } from './attack.ts'
import { Attacker, Bystanders } from './child.ts'
import { Victim, type VictimOptions } from './victim.ts'

/** What an attack that goes on too long is given beyond its own time, in ms. */
const GRACE_MS = 20_000

/** Where one attack is measured: a network namespace, the program, and the others. Ends all that it has started. */
export class Stage implements AsyncDisposable {
  /** How long attacks go on that have no end of their own, in ms. */
  readonly forMs: number
  readonly #program: string
  readonly #file: string
  readonly #attack: Attack
  readonly #stack = new AsyncDisposableStack()

  constructor({
    program,
    file,
    attack,
    forMs,
  }: { program: string; file: string; attack: Attack; forMs: number }) {
    this.#program = program
    this.#file = file
    this.#attack = attack
    this.forMs = forMs
  }

  /** Starts the program. */
  async victim(options: Omit<VictimOptions, 'program'> = {}): Promise<Victim> {
    return this.#stack.use(await Victim.start({ program: this.#program, ...options }))
  }

  /** Has honest peers around. */
  bystanders(): Bystanders {
    return this.#stack.use(new Bystanders())
  }

  /** Begins the attack. */
  attacker(victim: Victim, target: Partial<Target> = {}): Attacker {
    const whole = { addresses: victim.addresses(), forMs: this.forMs, ...target }
    return this.#stack.use(new Attacker(this.#file, this.#attack, whole, whole.forMs + GRACE_MS))
  }

  /** Has something end with the stage. */
  use<T extends Disposable | AsyncDisposable>(part: T): T {
    return this.#stack.use(part)
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#stack.disposeAsync()
  }
}
