import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

/** Bytes of array buffers still in use, after a collection. */
export function arrayBuffersInUse(): number {
  collect()
  return process.memoryUsage().arrayBuffers
}
