/** How the time that something takes grows with its input: a bound on the ratio, not on the machine. */
import assert from 'node:assert/strict'

/** Milliseconds of processor time below which a ratio says nothing. */
const NOISE = 20
/** Twice the input takes twice the time if it is read in one pass, and four times if it is read again for each place. */
const MOST = 3

/** Milliseconds of processor time; the best of a few, so that a busy machine does not count. */
function cost(run: () => void): number {
  const times = Array.from({ length: 3 }, () => {
    const before = process.cpuUsage()
    run()
    return process.cpuUsage(before).user / 1000
  })
  return Math.min(...times)
}

/** Asserts that `run` takes no more than its share of time longer for an input of twice the size. */
export function assertLinear<T>(
  what: string,
  size: number,
  make: (size: number) => T,
  run: (input: T) => void,
): void {
  const [once, twice] = [make(size), make(2 * size)]
  const [short, long] = [cost(() => run(once)), cost(() => run(twice))]
  assert.ok(long < MOST * short + NOISE, `${what}: ${short} ms for ${size}, ${long} ms for twice that`)
}
