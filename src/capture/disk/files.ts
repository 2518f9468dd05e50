/** File functions that the files of a capture share. */
import { type Dirent, readdirSync, readSync, rmdirSync, statfsSync, unlinkSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { Failure, sentenceOf } from '../../shared/failure.ts'

/** Only for the user, because captures hold the traffic of their connections. */
export const PRIVATE_DIRECTORY = 0o700
export const PRIVATE_FILE = 0o600

/** Bytes that one write of a capture needs at most, but for a single payload that is larger. */
const ROOM = 1024 * 1024

/** Whether the disk of a folder has room for the next write. True if that is not known. */
export function hasRoom(directory: string): boolean {
  try {
    const { bavail, bsize } = statfsSync(directory)
    return bavail * bsize >= ROOM
  } catch {
    return true
  }
}

/** Writes all bytes at a position in a file. */
export function writeFully(fd: number, bytes: Uint8Array, position: number): void {
  let done = 0
  while (done < bytes.length) done += writeSync(fd, bytes, done, bytes.length - done, position + done)
}

/** Fills the buffer from a position in a file. Returns the number of bytes read. */
export function readFully(fd: number, into: Uint8Array, position: number): number {
  let done = 0
  while (done < into.length) {
    const count = readSync(fd, into, done, into.length - done, position + done)
    if (count === 0) break
    done += count
  }
  return done
}

/** File names are `NAME-START.bin`; START is the first offset or event number in the file. */
export function numberedName(name: string, start: number): string {
  return `${name}-${start}.bin`
}

/** The starts of all files with this name in a folder, ascending. */
export function numberedFiles(directory: string, name: string): number[] {
  const pattern = new RegExp(`^${name}-(\\d{1,15})\\.bin$`)
  return readdirSync(directory)
    .map((file) => pattern.exec(file)?.[1])
    .filter((start) => start !== undefined)
    .map(Number)
    .sort((a, b) => a - b)
}

/** Removes a file if it exists. */
export function removeFile(path: string): void {
  try {
    unlinkSync(path)
  } catch (error) {
    if (!isErrno(error) || error.code !== 'ENOENT') throw error
  }
}

const OWN_FILE = /^(?:(?:payload|lifecycle|rows)-\d{1,15}\.bin|labels\.jsonl|session\.json)$/

/** Whether a file with this name belongs to a capture. */
export function isCaptureFile(name: string): boolean {
  return OWN_FILE.test(name)
}

/** Folders in a capture's folder: of the events that were cleared, and of those after them while these are restored. */
export const CLEARED = 'cleared'
export const NEWER = 'newer'

/** Removes the files of a capture with what it keeps besides, and its folder if nothing else is in it. */
export function removeCapture(directory: string): void {
  let entries: Dirent[]
  try {
    entries = readdirSync(directory, { withFileTypes: true })
  } catch (error) {
    if (isErrno(error) && error.code === 'ENOENT') return
    throw error
  }
  const besides = entries.filter((entry) => entry.isDirectory() && [CLEARED, NEWER].includes(entry.name))
  for (const { name } of besides) removeCapture(join(directory, name))
  const files = entries.filter((entry) => entry.isFile() && isCaptureFile(entry.name))
  for (const { name } of files) removeFile(join(directory, name))
  if (files.length + besides.length === entries.length) rmdirSync(directory)
}

export function isErrno(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'code' in error
}

/** Whether an error says that the disk has no more room, at least not for this user. */
export function isFull(error: unknown): boolean {
  return isErrno(error) && (error.code === 'ENOSPC' || error.code === 'EDQUOT')
}

/** The failure to report for a disk error. */
export function toSpoolFailure(error: unknown): Failure {
  const code = isErrno(error) && error.code !== undefined ? error.code : 'SPOOL'
  if (isFull(error))
    return new Failure(
      code,
      'The disk is full: only the newest payloads are kept, in memory, and older ones are lost. Free some space.',
    )
  const why = sentenceOf(error)
  return new Failure(
    code,
    `The temporary file of the capture could not be used (${why}): only the newest payloads are kept, in memory, and older ones are lost. Check the disk.`,
  )
}
