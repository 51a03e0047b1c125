/** Where a cursor stands, from 0 at the top left. */
export interface Place {
  x: number
  y: number
}

/**
 * The shortest bytes that bring the cursor from one place to another (ECMA-48: CUP, CHA, NEL, CNL, CUU, CUD, CUF, CUB, VPA).
 * `from` is undefined when nobody knows where it stands, and its `x` may be one past the last column: then it is waiting
 * there to wrap, and only moves that say the column themselves are used.
 */
export function move(from: Place | undefined, to: Place, columns: number): string {
  const { x, y } = to
  let shortest = absolute(x, y)
  if (from === undefined) return shortest
  const consider = (bytes: string): void => {
    if (bytes.length < shortest.length) shortest = bytes
  }
  const down = y - from.y
  const certain = from.x < columns
  if (down === 0) {
    if (certain && from.x === x) return ''
    consider(csi(x + 1, 'G'))
    consider(`\r${right(x)}`)
    if (certain) consider(sideways(x - from.x))
    return shortest
  }
  if (down > 0) consider(`${down === 1 ? '\x1bE' : csi(down, 'E')}${right(x)}`)
  if (certain && from.x === x) {
    consider(csi(Math.abs(down), down > 0 ? 'B' : 'A'))
    consider(csi(y + 1, 'd'))
  }
  return shortest
}

function absolute(x: number, y: number): string {
  if (x === 0) return csi(y + 1, 'H')
  return y === 0 ? `\x1b[;${x + 1}H` : `\x1b[${y + 1};${x + 1}H`
}

function sideways(by: number): string {
  if (by > 0) return right(by)
  return by >= -4 ? '\b'.repeat(-by) : csi(-by, 'D')
}

function right(by: number): string {
  return by === 0 ? '' : csi(by, 'C')
}

/** A control sequence; its count may be left out where it is one. */
export function csi(count: number, final: string): string {
  return count === 1 ? `\x1b[${final}` : `\x1b[${count}${final}`
}
