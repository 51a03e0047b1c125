import type { ComponentLogger, Logger } from '@libp2p/interface'

/**
 * Takes the arguments of one log line, and the name of the logger: see {@link connectionIdIn}. What it throws is
 * swallowed: a logger must not fail its caller.
 */
export type LineListener = (args: readonly unknown[], name: string) => void

/**
 * The id of the connection in the name of a logger that belongs to one: libp2p names it `...:inbound:<id>:...`. QUIC has
 * said the direction before.
 */
export function connectionIdIn(name: string): string | undefined {
  return /:(?:in|out)bound:(?!(?:in|out)bound\b)(\w+)/.exec(name)?.[1]
}

/** The name of a logger; empty for one that no {@link LogTap} made. */
export function nameOf(logger: Logger): string {
  return (logger as Logger & { fullName?: string }).fullName ?? ''
}

/**
 * libp2p's logger, made into a source of the things that libp2p has no event for (refused and failed inbound
 * connections, listeners that could not open, pruning). Lines are told apart by their format string; nothing is
 * formatted and nothing is printed.
 */
export class LogTap {
  readonly #listeners = new Map<string, LineListener>()

  /** Calls `listener` for each line with exactly this format. */
  on(format: string, listener: LineListener): void {
    this.#listeners.set(format, listener)
  }

  /** What `createLibp2p` takes as its `logger`. */
  readonly logger: ComponentLogger = { forComponent: name => this.#make(name) }

  #make(name: string): Logger {
    const write = (format: unknown, ...args: unknown[]): void => this.#line(format, args, name)
    return Object.assign(write, {
      enabled: true,
      fullName: name,
      error: write,
      trace: () => {},
      newScope: (scope: string) => this.#make(`${name}:${scope}`),
    })
  }

  #line(format: unknown, args: readonly unknown[], name: string): void {
    const listener = typeof format === 'string' ? this.#listeners.get(format) : undefined
    try {
      listener?.(args, name)
    } catch {
      // Nothing to tell it to: the caller is libp2p, in the middle of its own work.
    }
  }
}
