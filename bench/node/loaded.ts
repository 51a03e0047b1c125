/** The loaded node with and without the program's screen, and a peer for both to ping. */
import { setTimeout as passed } from 'node:timers/promises'
import { Control } from '../screen/control.ts'
import { Child } from './child.ts'
import type { LoadAnswer, LoadOrder } from './load-orders.ts'
import { residentMb } from './process.ts'
import { RealProgram } from './real-program.ts'

/** How the node under load is told what to do. */
export type LoadControl = Control<LoadOrder, LoadAnswer>

/** Until both heaps have been collected, and given back what they do not need. */
const COLLECTED_MS = 3000
/** How many peers the load is about. */
const BUSY_PEERS = 100

/** The program as it is built, its node loaded. */
export class LoadedProgram extends RealProgram {
  readonly load: LoadControl

  private constructor(load: LoadControl, args: readonly string[]) {
    super({ load: load.path, args })
    this.load = load
  }

  /** Starts it and waits until it has met its peers. */
  static async start(args: readonly string[] = []): Promise<LoadedProgram> {
    const program = new LoadedProgram(new Control(), args)
    await program.load.order({ do: 'meet', peers: BUSY_PEERS, busy: BUSY_PEERS })
    return program
  }

  /** Memory that it has when both threads have collected what nothing refers to, in MB. */
  async memoryInUseMb(): Promise<number> {
    await this.load.order({ do: 'collect' })
    await passed(COLLECTED_MS)
    return residentMb(this.pid)
  }

  override async [Symbol.asyncDispose](): Promise<void> {
    await super[Symbol.asyncDispose]()
    this.load.close()
  }
}

/** The same node in a thread of a program that shows nothing. */
export class LoadedNode extends Child {
  readonly load: LoadControl

  private constructor(load: LoadControl) {
    super('no-screen', { env: { BENCH_LOAD: load.path } })
    this.load = load
  }

  /** Starts it and waits until it has met its peers. */
  static async start(): Promise<LoadedNode> {
    const node = new LoadedNode(new Control())
    await node.load.order({ do: 'meet', peers: BUSY_PEERS, busy: BUSY_PEERS })
    return node
  }

  override async [Symbol.asyncDispose](): Promise<void> {
    await super[Symbol.asyncDispose]()
    this.load.close()
  }
}
