import { setTimeout } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

/**
 * Bytes of array buffers that are in use after garbage collections. Other threads free their memory some time after
 * a collection, so the smallest of several readings counts.
 */
export async function arrayBuffersInUse(): Promise<number> {
  let least = Number.POSITIVE_INFINITY
  for (let round = 0; round < 10; round++) {
    collect()
    await setTimeout(10)
    least = Math.min(least, process.memoryUsage().arrayBuffers)
  }
  return least
}

/** Whether an object is gone after garbage collections. */
export async function isCollected(object: WeakRef<object>): Promise<boolean> {
  for (let round = 0; round < 10; round++) {
    // What was looked at stays until the event loop goes on.
    await setTimeout(10)
    collect()
    if (object.deref() === undefined) return true
  }
  return false
}
