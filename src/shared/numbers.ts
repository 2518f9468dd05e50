/** The largest of numbers, and binary search. */

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
