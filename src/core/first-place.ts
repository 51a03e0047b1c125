/**
 * The first place from `from` up to but not including `to` of which something holds that holds of all later ones too;
 * `to` when of none. Halves the way each time.
 */
export function firstPlace(from: number, to: number, holds: (place: number) => boolean): number {
  let low = from
  let high = to
  while (low < high) {
    const middle = (low + high) >>> 1
    if (holds(middle)) high = middle
    else low = middle + 1
  }
  return low
}
