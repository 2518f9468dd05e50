/** The head file of a capture's folder: which session it is of, whose, and how much of it is saved. */
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { PRIVATE_DIRECTORY, PRIVATE_FILE } from './files.ts'

const HEAD_FILE = 'session.json'

/** What the head file says of a capture. */
export interface CaptureHead {
  readonly version: 1
  readonly startedAt: string
  /** The process that writes it. */
  readonly pid: number
  /** Events before this number are in a file of the user's. Default 0. */
  readonly saved?: number
}

/** Makes a capture's folder, private to the user, with its head. Throws where it holds a capture already. */
export function makeFolder(directory: string, startedAt: Date): void {
  mkdirSync(directory, { recursive: true, mode: PRIVATE_DIRECTORY })
  chmodSync(directory, PRIVATE_DIRECTORY)
  write(directory, startedAt, 0, 'wx')
}

/** Writes the head anew, in this process's name. */
export function writeHead(directory: string, startedAt: Date, saved: number): void {
  write(directory, startedAt, saved, 'w')
}

function write(directory: string, startedAt: Date, saved: number, flag: 'w' | 'wx'): void {
  const head: CaptureHead = {
    version: 1,
    startedAt: startedAt.toISOString(),
    pid: process.pid,
    ...(saved === 0 ? {} : { saved }),
  }
  writeFileSync(join(directory, HEAD_FILE), JSON.stringify(head), { mode: PRIVATE_FILE, flag })
}

/** The head of the capture in a folder, or undefined where there is none. */
export function readHead(directory: string): CaptureHead | undefined {
  try {
    const head: unknown = JSON.parse(readFileSync(join(directory, HEAD_FILE), 'utf8'))
    if (typeof head !== 'object' || head === null) return undefined
    const { version, startedAt, pid, saved } = head as Record<string, unknown>
    const valid =
      version === 1 &&
      typeof startedAt === 'string' &&
      !Number.isNaN(Date.parse(startedAt)) &&
      typeof pid === 'number'
    return valid ? { version, startedAt, pid, ...(typeof saved === 'number' ? { saved } : {}) } : undefined
  } catch {
    // No file, or not one of ours: no capture either way.
    return undefined
  }
}
