/** The benchmark's end of the socket over which it orders what happens in the measured program. */
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Done, Order } from '../world/orders.ts'

/** Listens for one program and tells it what to do. */
export class Control<Asked = Order, Answer = Done> {
  readonly #folder = mkdtempSync(join(tmpdir(), 'p2p-tui-bench-'))
  readonly path = join(this.#folder, 'control')
  readonly #server: Server
  readonly #program: Promise<Socket>
  readonly #waiting: ((answer: Answer) => void)[] = []

  constructor() {
    const { promise, resolve } = Promise.withResolvers<Socket>()
    this.#program = promise
    this.#server = createServer(socket => {
      createInterface(socket).on('line', line => this.#waiting.shift()?.(JSON.parse(line) as Answer))
      // The program may end with a line still under way.
      socket.on('error', () => {})
      resolve(socket)
    }).listen(this.path)
  }

  /** Gives an order and waits until it has been carried out. Orders given at the same time are answered in order. */
  async order(order: Asked): Promise<Answer> {
    const program = await this.#program
    const { promise, resolve } = Promise.withResolvers<Answer>()
    this.#waiting.push(resolve)
    program.write(`${JSON.stringify(order)}\n`)
    return await promise
  }

  close(): void {
    this.#server.close()
    rmSync(this.#folder, { recursive: true, force: true })
  }
}
