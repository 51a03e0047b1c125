/** Runs tasks one after the other, in the order of their coming. */
export class Line {
  #last: Promise<unknown> = Promise.resolve()
  #length = 0

  /** True: nothing runs and nothing waits. */
  get idle(): boolean {
    return this.#length === 0
  }

  /** How many tasks have not ended. */
  get length(): number {
    return this.#length
  }

  /** Runs a task after all earlier ones have ended, however they ended. */
  run<T>(task: () => Promise<T>): Promise<T> {
    this.#length++
    const result = this.#last.then(task).finally(() => this.#length--)
    this.#last = result.catch(() => {})
    return result
  }
}
