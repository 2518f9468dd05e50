/** The head file of a capture's folder: when the session started, which process writes it, how much is saved. */
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { isoDate } from '../../shared/clock.ts'
import { PRIVATE_DIRECTORY, PRIVATE_FILE } from './files.ts'

const HEAD_FILE = 'session.json'
/** Since version 2, batches of rows may hold runs. Programs that know only version 1 leave such a capture alone. */
const VERSION = 2

export interface CaptureHead {
  readonly version: 1 | typeof VERSION
  readonly startedAt: string
  /** Id of the process that writes the capture. */
  readonly pid: number
  /** The user has saved the events before this number. Default 0. */
  readonly saved?: number
}

/** Creates a capture's folder, private to the user, with its head. Throws if the folder already holds a capture. */
export function makeFolder(directory: string, startedAt: Date): void {
  mkdirSync(directory, { recursive: true, mode: PRIVATE_DIRECTORY })
  chmodSync(directory, PRIVATE_DIRECTORY)
  write(directory, startedAt, 0, 'wx')
}

/** Overwrites the head; this process becomes the owner. */
export function writeHead(directory: string, startedAt: Date, saved: number): void {
  write(directory, startedAt, saved, 'w')
}

function write(directory: string, startedAt: Date, saved: number, flag: 'w' | 'wx'): void {
  const head = {
    version: VERSION,
    startedAt: isoDate(startedAt),
    pid: process.pid,
    ...(saved === 0 ? {} : { saved }),
  }
  writeFileSync(join(directory, HEAD_FILE), JSON.stringify(head), { mode: PRIVATE_FILE, flag })
}

/** The head of the capture in a folder; undefined if there is none. */
export function readHead(directory: string): CaptureHead | undefined {
  try {
    const head: unknown = JSON.parse(readFileSync(join(directory, HEAD_FILE), 'utf8'))
    if (typeof head !== 'object' || head === null) return undefined
    const { version, startedAt, pid, saved } = head as Record<string, unknown>
    const valid =
      (version === 1 || version === VERSION) &&
      typeof startedAt === 'string' &&
      !Number.isNaN(Date.parse(startedAt)) &&
      typeof pid === 'number'
    return valid ? { version, startedAt, pid, ...(typeof saved === 'number' ? { saved } : {}) } : undefined
  } catch {
    // There is no file, or it is not a head: in both cases there is no capture.
    return undefined
  }
}
