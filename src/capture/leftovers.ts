/** Captures that a process left behind when it ended without closing them. */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { readHead } from './capture.ts'
import { isErrno, removeCapture } from './disk.ts'

export interface Leftover {
  readonly directory: string
  readonly startedAt: Date
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // EPERM: there is such a process, of another user.
    return isErrno(error) && error.code === 'EPERM'
  }
}

/** The captures in a folder of captures whose process has ended, oldest first. */
export function findLeftovers(parent: string): Leftover[] {
  let names: string[]
  try {
    names = readdirSync(parent)
  } catch (error) {
    if (isErrno(error) && error.code === 'ENOENT') return []
    throw error
  }
  return names
    .map((name) => join(parent, name))
    .flatMap((directory) => {
      const head = readHead(directory)
      return head === undefined || isRunning(head.pid)
        ? []
        : [{ directory, startedAt: new Date(head.startedAt) }]
    })
    .sort((a, b) => a.startedAt.getTime() - b.startedAt.getTime())
}

/** Removes a leftover from the disk. */
export function discardLeftover(leftover: Leftover): void {
  removeCapture(leftover.directory)
}
