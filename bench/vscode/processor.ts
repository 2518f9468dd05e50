/** Processor use of the measured parts, and of everything else on the machine. */
import { readFileSync } from 'node:fs'
import { descendants, usageOf } from '../harness/processes.ts'
import { rendererOf } from './memory.ts'

const TICKS_PER_SECOND = 100

interface Spent {
  readonly at: number
  readonly busy: number
  readonly own: number
  readonly extensionHost: number
  readonly renderer: number
}

/** Average number of processors in use; 1 is one that was never idle. */
export interface Shares {
  readonly extensionHost: number
  readonly renderer: number
  /** All processes of the measurement, those two included: generator, editor's server, painting. */
  readonly own: number
  readonly others: number
}

function spent(extensionHost: number): Spent {
  const cpu = (pids: readonly number[]) => usageOf(pids).cpuSeconds
  return {
    at: performance.now() / 1000,
    busy: busySeconds(),
    own: cpu([process.pid, ...descendants(process.pid)]),
    extensionHost: cpu([extensionHost]),
    renderer: cpu([rendererOf()]),
  }
}

/** Busy time of all processors: user, nice, system, irq, softirq (proc(5)), without idle and stolen. */
function busySeconds(): number {
  const fields = /^cpu +(.+)$/m.exec(readFileSync('/proc/stat', 'utf8'))?.[1]?.split(' ').map(Number) ?? []
  return [0, 1, 2, 5, 6].reduce((sum, i) => sum + (fields[i] ?? 0), 0) / TICKS_PER_SECOND
}

/** Starts counting. The returned function gives the shares so far. */
export function countProcessors(extensionHost: number): () => Shares {
  const before = spent(extensionHost)
  return () => {
    const now = spent(extensionHost)
    const share = (name: 'busy' | 'own' | 'extensionHost' | 'renderer') =>
      (now[name] - before[name]) / (now.at - before.at)
    const own = share('own')
    return {
      ...{ extensionHost: share('extensionHost'), renderer: share('renderer'), own },
      others: Math.max(0, share('busy') - own),
    }
  }
}
