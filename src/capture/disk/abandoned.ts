/** Captures that a process left behind because it ended without closing them. */
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
    // EPERM: the process exists and belongs to another user.
    return isErrno(error) && error.code === 'EPERM'
  }
}

/** The captures in a folder of captures, oldest first, and whether the process of each has ended. */
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
 * The captures whose process has ended, oldest first. Captures of this process count as running, unless `own` lists
 * those in use: process ids are reused, and a thread of this process may have ended.
 */
export function findAbandoned(parent: string, own?: ReadonlySet<string>): AbandonedCapture[] {
  return findCaptures(parent, own).flatMap(({ isLeft, ...leftover }) => (isLeft ? [leftover] : []))
}

/**
 * Copies a capture that another process may be writing, up to its last whole rows. Rows are copied first, because the
 * records they point to were written before them.
 */
export function copyCapture(from: string, to: string): void {
  mkdirSync(to, { recursive: true, mode: PRIVATE_DIRECTORY })
  const names = readdirSync(from).filter(isCaptureFile)
  const isRows = (name: string) => name.startsWith('rows-')
  for (const name of [...names.filter(isRows), ...names.filter((each) => !isRows(each))])
    copyFileSync(join(from, name), join(to, name), constants.COPYFILE_FICLONE)
}

export interface CaptureSize {
  /** Events that the user has not saved. */
  readonly unsaved: number
  /** Total size of its files. */
  readonly bytes: number
}

/** The size of an abandoned capture, without reading its events. */
export function sizeOf({ directory }: AbandonedCapture): CaptureSize {
  const bytes = readdirSync(directory).reduce((sum, name) => sum + statSync(join(directory, name)).size, 0)
  return { unsaved: Math.max(0, endOfRows(directory) - (readHead(directory)?.saved ?? 0)), bytes }
}
