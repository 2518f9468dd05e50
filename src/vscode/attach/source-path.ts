/** The paths in the locations that debuggers report. They come from a program, so nothing here opens them. Does not import `vscode`. */

import * as v from 'valibot'

/** Longest location that is looked for, in characters. */
const MAX_LOCATION = 4096
/** How Vite serves files outside of its root: by their path in the file system. */
const VITE_FILE = /^\/@fs(?=\/)/
/** The page of a folder, whose inline scripts are named by its URL. */
const INDEX = 'index.html'

const count = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(2 ** 31))

/** A place in a source file, as pages and other extensions name it. */
export const LOCATION = v.strictObject({
  file: v.pipe(v.string(), v.minLength(1), v.maxLength(MAX_LOCATION)),
  line: count,
  column: count,
})

/** The absolute path that a location names: `file:///a/b.ts`, `/a/b.ts`, `C:\a\b.ts` or `http://h/@fs/a/b.ts`; otherwise undefined. */
export function absolutePathOf(file: string): string | undefined {
  if (file.length > MAX_LOCATION) return undefined
  if (/^[a-z]:[\\/]/i.test(file) || file.startsWith('/')) return file
  const path = pathOfUrl(file)
  if (/^file:/i.test(file)) return path.replace(/^\/(?=[a-z]:)/i, '')
  return /^https?:/i.test(file) && VITE_FILE.test(path) ? path.replace(VITE_FILE, '') : undefined
}

/** The names in the path of a location, without its scheme, host and query: `webpack:///./src/a.ts?1` is `src`, `a.ts`. */
export function pathSegments(file: string): readonly string[] {
  if (file.length > MAX_LOCATION) return []
  const path = (absolutePathOf(file) ?? pathOfUrl(file)).replaceAll('\\', '/')
  const segments = (path.endsWith('/') ? path + INDEX : path).split('/')
  const kept = segments.filter((each) => each !== '' && each !== '.')
  // What is above a `..` is not known: the rest is the end of the path.
  return kept.slice(kept.lastIndexOf('..') + 1)
}

/** How many names two paths have in common, counted from their ends. */
export function sharedEnding(a: readonly string[], b: readonly string[]): number {
  const most = Math.min(a.length, b.length)
  for (let at = 1; at <= most; at++) if (a.at(-at) !== b.at(-at)) return at - 1
  return most
}

/** What is after the scheme and the host, without query and fragment, decoded. A path stays as it is. */
function pathOfUrl(file: string): string {
  const [, afterScheme = file] = /^[a-z][a-z0-9+.-]{1,30}:(.*)$/is.exec(file) ?? []
  if (afterScheme === file) return file
  const path = afterScheme.replace(/^\/\/[^/?#]*/, '').replace(/[?#].*$/s, '')
  try {
    return decodeURIComponent(path === '' ? '/' : path)
  } catch {
    return path
  }
}
