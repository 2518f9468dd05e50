/** The first position below `length` for which the ascending test holds; `length` where it never does. */
export function lowerBound(length: number, test: (position: number) => boolean): number {
  let low = 0
  let high = length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (test(middle)) high = middle
    else low = middle + 1
  }
  return low
}
