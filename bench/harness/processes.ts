/** What other processes use, from /proc. Empty if the system does not have /proc. */
import { readdirSync, readFileSync } from 'node:fs'

export interface Usage {
  readonly cpuSeconds: number
  /** Resident bytes, pages shared among processes counted once (proportionally). */
  readonly memory: number
}

/** `sysconf(_SC_CLK_TCK)`, which is 100 on every Linux. */
const TICKS_PER_SECOND = 100

/** The descendants of a process. */
export function descendants(root: number): number[] {
  const children = new Map<number, number[]>()
  for (const pid of allProcesses()) {
    const parent = Number(statOf(pid)?.[1])
    children.set(parent, [...(children.get(parent) ?? []), pid])
  }
  const found: number[] = []
  const visit = (pid: number) => {
    for (const child of children.get(pid) ?? []) {
      found.push(child)
      visit(child)
    }
  }
  visit(root)
  return found
}

/** Processor time that processes have used, and memory that they use now. */
export function usageOf(pids: readonly number[]): Usage {
  let cpuSeconds = 0
  let memory = 0
  for (const pid of pids) {
    const stat = statOf(pid)
    if (stat === undefined) continue
    cpuSeconds += (Number(stat[11]) + Number(stat[12])) / TICKS_PER_SECOND
    memory += residentBytes(pid)
  }
  return { cpuSeconds, memory }
}

function allProcesses(): number[] {
  try {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number)
  } catch {
    // Not Linux: there are no figures of other processes.
    return []
  }
}

/** The fields of /proc/PID/stat after the name, which may contain spaces: state, parent, …; undefined if the process has ended. */
function statOf(pid: number): string[] | undefined {
  const text = read(`/proc/${pid}/stat`)
  return text?.slice(text.lastIndexOf(')') + 2).split(' ')
}

function residentBytes(pid: number): number {
  const pss = /^Pss:\s+(\d+) kB/m.exec(read(`/proc/${pid}/smaps_rollup`) ?? '')?.[1]
  return Number(pss ?? 0) * 1024
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    // The process ended in the meantime.
    return undefined
  }
}
