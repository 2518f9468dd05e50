/** Measures the processor time of this thread that slices of background work take. The sources have to run as they are, not bundled. */

/** How a slice is scheduled. */
const SLICE = '() => this.#slice()'

let microseconds = 0

/** Milliseconds of processor time that slices took so far. */
export function sliceTime(): number {
  return microseconds / 1000
}

/** Milliseconds of processor time that the thread took so far. */
export function threadTime(): number {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1000
}

/** The callback itself, or if it runs a slice, one that measures it. */
function timed(callback: (...given: unknown[]) => void): (...given: unknown[]) => void {
  if (String(callback) !== SLICE) return callback
  return (...given) => {
    const before = threadTime()
    callback(...given)
    microseconds += (threadTime() - before) * 1000
  }
}

for (const name of ['setTimeout', 'setImmediate'] as const) {
  const schedule = globalThis[name] as (
    callback: (...given: unknown[]) => void,
    ...rest: unknown[]
  ) => unknown
  Object.assign(globalThis, {
    [name]: (callback: (...given: unknown[]) => void, ...rest: unknown[]) =>
      schedule(timed(callback), ...rest),
  })
}
