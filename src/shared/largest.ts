/** Returns the largest of the numbers, or `least` if none is above it. `Math.max(...numbers)` overflows the stack. */
export function largest(numbers: Iterable<number>, least: number): number {
  let most = least
  for (const number of numbers) if (number > most) most = number
  return most
}
