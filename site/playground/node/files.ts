/** The files and folders of the worker, by their paths. They end with it. */
import { dirname } from 'path-browserify'
import { type Content, errno, MemoryContent } from './contents.ts'

const files = new Map<string, Content>()
const folders = new Set<string>(['/'])

function missing(path: string): Error {
  return errno('ENOENT', `there is no ${path}`)
}

/** Makes a file of the user readable at a path. */
export function mount(path: string, content: Content): void {
  makeFolder(dirname(path))
  files.set(path, content)
}

export function contentOf(path: string): Content {
  const content = files.get(path)
  if (content === undefined) throw folders.has(path) ? errno('EISDIR', `${path} is a folder`) : missing(path)
  return content
}

/** Opens a file as a flag of Node.js says, such as `wx+`. */
export function openContent(path: string, flags: string): Content {
  if (flags.includes('x') && files.has(path)) throw errno('EEXIST', `${path} exists`)
  if (flags.startsWith('r')) return contentOf(path)
  if (!folders.has(dirname(path))) throw missing(dirname(path))
  const content = flags.startsWith('a') ? files.get(path) : undefined
  const opened = content ?? new MemoryContent()
  files.set(path, opened)
  return opened
}

export function makeFolder(path: string): void {
  for (let folder = path; !folders.has(folder); folder = dirname(folder)) folders.add(folder)
}

/** The names in a folder, and which of them are folders. */
export function list(path: string): { readonly name: string; readonly isFolder: boolean }[] {
  if (!folders.has(path)) throw missing(path)
  const within = (each: string) => each !== path && dirname(each) === path
  const nameOf = (each: string) => each.slice(each.lastIndexOf('/') + 1)
  return [
    ...[...files.keys()].filter(within).map((each) => ({ name: nameOf(each), isFolder: false })),
    ...[...folders].filter(within).map((each) => ({ name: nameOf(each), isFolder: true })),
  ]
}

export function removeFile(path: string): void {
  if (!files.delete(path)) throw missing(path)
}

/** Removes an empty folder. */
export function removeFolder(path: string): void {
  if (list(path).length > 0) throw errno('ENOTEMPTY', `${path} is not empty`)
  folders.delete(path)
}

/** Removes a file, or a folder with all that is in it. */
export function removeAll(path: string): void {
  for (const all of [files, folders])
    for (const each of [...all.keys()]) if (each === path || each.startsWith(`${path}/`)) all.delete(each)
}

/** Moves a file, or a folder with all that is in it. */
export function move(from: string, to: string): void {
  if (!files.has(from) && !folders.has(from)) throw missing(from)
  const moved = (path: string) =>
    path === from || path.startsWith(`${from}/`) ? to + path.slice(from.length) : path
  for (const [path, content] of [...files]) {
    files.delete(path)
    files.set(moved(path), content)
  }
  for (const path of [...folders]) {
    folders.delete(path)
    folders.add(moved(path))
  }
}

/** What Node.js tells of a file or a folder. */
export function statOf(path: string) {
  const isFolder = folders.has(path)
  const { size } = isFolder ? { size: 0 } : contentOf(path)
  return { size, mode: 0o600, isFile: () => !isFolder, isDirectory: () => isFolder }
}
