/** The largest of numbers, binary search, and rounding. */

/**
 * Rounds milliseconds to the microsecond, the precision of times: sums and differences have rounding errors below. A
 * number that is too large to have a fraction stays as it is.
 */
export function toMicroseconds(ms: number): number {
  const rounded = Math.round(ms * 1000) / 1000
  return Number.isFinite(rounded) ? rounded : ms
}

/** Returns the largest of the numbers, or `least` if none is above it. `Math.max(...numbers)` overflows the stack. */
export function largest(numbers: Iterable<number>, least: number): number {
  let most = least
  for (const number of numbers) if (number > most) most = number
  return most
}

/**
 * Returns the first position in [from, to) for which `test` is true, or `to` if there is none. `test` must be true for
 * every position after one for which it is true.
 */
export function lowerBound(from: number, to: number, test: (position: number) => boolean): number {
  let low = from
  let high = to
  while (low < high) {
    const middle = (low + high) >>> 1
    if (test(middle)) high = middle
    else low = middle + 1
  }
  return low
}
