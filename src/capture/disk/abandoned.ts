/** Captures that a process left behind when it ended without closing them. */
import { constants, copyFileSync, mkdirSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { isCaptureFile, isErrno, PRIVATE_DIRECTORY } from './files.ts'
import { readHead } from './head.ts'
import { endOfRows } from './row-log.ts'

export interface AbandonedCapture {
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

/** The captures in a folder of captures, oldest first; of each, whether its process has ended. */
export function findCaptures(
  parent: string,
  own?: ReadonlySet<string>,
): (AbandonedCapture & { isLeft: boolean })[] {
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
      if (head === undefined) return []
      const isOurs = own !== undefined && head.pid === process.pid
      const isLeft = !(isOurs ? own.has(directory) : isRunning(head.pid))
      return [{ directory, startedAt: new Date(head.startedAt), isLeft }]
    })
    .sort((a, b) => a.startedAt.getTime() - b.startedAt.getTime())
}

/**
 * The captures in a folder of captures whose process has ended, oldest first. Those of this process count as
 * running, unless `own` says which of them are: a process may have the number of one that has ended, and a
 * thread of it may have ended.
 */
export function findAbandoned(parent: string, own?: ReadonlySet<string>): AbandonedCapture[] {
  return findCaptures(parent, own).flatMap(({ isLeft, ...leftover }) => (isLeft ? [leftover] : []))
}

/**
 * Copies a capture that another process may be writing, whole up to its last rows. Those are copied first: what
 * they point to was written before them.
 */
export function copyCapture(from: string, to: string): void {
  mkdirSync(to, { recursive: true, mode: PRIVATE_DIRECTORY })
  const names = readdirSync(from).filter(isCaptureFile)
  const isRows = (name: string) => name.startsWith('rows-')
  for (const name of [...names.filter(isRows), ...names.filter((each) => !isRows(each))])
    copyFileSync(join(from, name), join(to, name), constants.COPYFILE_FICLONE)
}

export interface CaptureSize {
  /** Events that are in no file of the user's. */
  readonly unsaved: number
  /** Of all its files. */
  readonly bytes: number
}

/** What a leftover amounts to, without reading its events. */
export function sizeOf({ directory }: AbandonedCapture): CaptureSize {
  const bytes = readdirSync(directory).reduce((sum, name) => sum + statSync(join(directory, name)).size, 0)
  return { unsaved: Math.max(0, endOfRows(directory) - (readHead(directory)?.saved ?? 0)), bytes }
}
