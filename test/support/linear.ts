/** What work costs, and that it grows in proportion to its input. It is processor time, so that a busy machine does not matter. */
import assert from 'node:assert/strict'

/** Milliseconds of processor time below which times are not compared. */
const NOISE = 25

/** Milliseconds of processor time that this thread takes to do the work, which does not wait. */
export function processorTime(work: () => unknown): number {
  const before = process.threadCpuUsage()
  work()
  const { user, system } = process.threadCpuUsage(before)
  return (user + system) / 1000
}

function least(times: number, work: () => unknown): number {
  return Math.min(...Array.from({ length: times }, () => processorTime(work)))
}

/**
 * Does the work on an input of `size` (characters, say) and on one of twice the size. Fails if the second takes more
 * than three times as long: twice is linear, four times is quadratic.
 */
export function assertLinear<T>(
  what: string,
  make: (size: number) => T,
  work: (input: T) => unknown,
  size = 64 * 1024,
): void {
  const [input, twice] = [make(size), make(2 * size)]
  let ratio = 0
  for (let attempt = 0; attempt < 3; attempt++) {
    const [once, double] = [least(2, () => work(input)), least(2, () => work(twice))]
    ratio = double / once
    if (double <= 3 * once + NOISE) return
  }
  assert.fail(`${what}: twice the input takes ${ratio.toFixed(1)} times as long`)
}
