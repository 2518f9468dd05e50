/** Stands in for `node:fs` in the worker: the functions that a recording needs, on the files of the worker. */
import { Buffer } from './buffer.ts'
import { type Content, errno } from './contents.ts'
import * as files from './files.ts'

const opened = new Map<number, Content>()
let latest = 2
let folders = 0

function ofDescriptor(fd: number): Content {
  const content = opened.get(fd)
  if (content === undefined) throw errno('EBADF', 'the file is not open')
  return content
}

export const constants = { COPYFILE_FICLONE: 2 }

export function openSync(path: string, flags = 'r'): number {
  const content = files.openContent(path, flags)
  opened.set(++latest, content)
  return latest
}

export function closeSync(fd: number): void {
  opened.delete(fd)
}

export function readSync(
  fd: number,
  into: Uint8Array,
  offset: number,
  length: number,
  position: number,
): number {
  return ofDescriptor(fd).read(into.subarray(offset, offset + length), position)
}

export function writeSync(
  fd: number,
  bytes: Uint8Array,
  offset: number,
  length: number,
  position: number,
): number {
  ofDescriptor(fd).write(bytes.subarray(offset, offset + length), position)
  return length
}

export function fstatSync(fd: number) {
  return { size: ofDescriptor(fd).size }
}

export function ftruncateSync(fd: number, size: number): void {
  ofDescriptor(fd).truncate(size)
}

/** The files are in memory, which says nothing of its room. */
export function statfsSync(_folder: string) {
  return { bavail: Number.POSITIVE_INFINITY, bsize: 1 }
}

export function readFileSync(path: string, encoding?: 'utf8'): Buffer | string {
  const content = files.contentOf(path)
  const bytes = Buffer.alloc(content.size)
  content.read(bytes, 0)
  return encoding === undefined ? bytes : bytes.toString(encoding)
}

export function writeFileSync(
  path: string,
  text: string,
  { flag = 'w' }: { readonly flag?: string } = {},
): void {
  files.openContent(path, flag).write(Buffer.from(text), 0)
}

export function copyFileSync(from: string, to: string): void {
  files.openContent(to, 'w').write(readFileSync(from) as Buffer, 0)
}

export function readdirSync(path: string, { withFileTypes = false } = {}) {
  const entries = files.list(path)
  if (!withFileTypes) return entries.map(({ name }) => name)
  return entries.map(({ name, isFolder }) => ({ name, isFile: () => !isFolder, isDirectory: () => isFolder }))
}

export const mkdirSync = files.makeFolder
export const unlinkSync = files.removeFile
export const rmdirSync = files.removeFolder
export const renameSync = files.move
export const statSync = files.statOf

/** Files of the worker have no modes. */
export function chmodSync(): void {}

export function mkdtempSync(prefix: string): string {
  const path = `${prefix}${++folders}`
  files.makeFolder(path)
  return path
}

/** Session files are not written here. */
export function createWriteStream(): never {
  throw errno('ENOSYS', 'files cannot be written as streams in a browser')
}
