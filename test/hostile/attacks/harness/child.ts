import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { Attack, Spent, Target } from './attack.ts'
import type { Answer, Order } from './bystanders.ts'

/** The honest peers around the program. Close them. */
export class Bystanders implements Disposable {
  readonly #child: ChildProcess

  constructor() {
    this.#child = fork(join(import.meta.dirname, 'bystanders.ts'), {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    })
  }

  /** Has them do something, and gives their answer. Order one thing after the other. @throws if they have died */
  async order(order: Order): Promise<Answer> {
    const died = new AbortController()
    const die = () => died.abort(new Error('the honest peers have died'))
    this.#child.once('exit', die)
    const answered = once(this.#child, 'message', { signal: died.signal })
    this.#child.send(order)
    const [answer] = (await answered) as [Answer]
    this.#child.off('exit', die)
    return answer
  }

  [Symbol.dispose](): void {
    this.#child.kill('SIGKILL')
  }
}

/** An attack in a process of its own, which has what the others leave it of the processor. Close it. */
export class Attacker implements Disposable {
  /** Settles when the harm begins. */
  readonly begun: Promise<void>
  /** Settles with what it says at its end; nothing, if it had to be ended. */
  readonly done: Promise<Spent>
  readonly #child: ChildProcess

  /** @param withinMs when it is ended, whatever it does */
  constructor(file: string, { title }: Attack, target: Target, withinMs: number) {
    this.#child = fork(join(import.meta.dirname, 'attacker.ts'), [file, title, JSON.stringify(target)], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    })
    const { promise, resolve } = Promise.withResolvers<void>()
    this.begun = promise
    this.done = new Promise(settle => {
      let spent: Spent = { bytes: 0 }
      this.#child.on('message', (message: { begun: true } | { spent: Spent }) => {
        if ('begun' in message) resolve()
        else spent = message.spent
      })
      const late = setTimeout(() => this.#child.kill('SIGKILL'), withinMs)
      this.#child.once('exit', () => {
        clearTimeout(late)
        resolve()
        settle(spent)
      })
    })
  }

  [Symbol.dispose](): void {
    this.#child.kill('SIGKILL')
  }
}
