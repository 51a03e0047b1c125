/** What can be told of a thrown value by looking at it. Texts may come from another machine: not safe to print. */
export interface Seen {
  name: string
  /** e.g. ECONNREFUSED; empty when there is none. A DOMException's code is a number and counts as none. */
  code: string
  message: string
  /** What an AggregateError gathers. */
  errors: readonly unknown[]
}

/**
 * Looks at a thrown value.
 *
 * @throws nothing, whatever was thrown, also when its properties throw
 */
export function seen(error: unknown): Seen {
  const errors = property(error, 'errors')
  return {
    name: text(property(error, 'name')),
    code: text(property(error, 'code')),
    message: typeof error === 'string' ? error : text(property(error, 'message')),
    errors: Array.isArray(errors) ? errors : [],
  }
}

function property(value: unknown, key: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined
  try {
    return Reflect.get(value, key)
  } catch {
    return undefined
  }
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
