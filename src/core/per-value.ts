/** A function that is computed once for each value: for what is made of a part of the state that seldom changes. */
export function perValue<Value extends object, Result>(
  compute: (value: Value) => Result,
): (value: Value) => Result {
  const known = new WeakMap<Value, { result: Result }>()
  return value => {
    const found = known.get(value) ?? { result: compute(value) }
    known.set(value, found)
    return found.result
  }
}
