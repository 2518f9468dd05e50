/** Names of files, by their paths. Does not import `vscode`. */
import { posix } from 'node:path'

/** `b.rtsession` for `/a/b.rtsession`. */
export function nameOf({ path }: { readonly path: string }): string {
  return posix.basename(path)
}

/** `rtsession` for `/a/B.RTSESSION`; empty if the name has no extension. */
export function extensionOf({ path }: { readonly path: string }): string {
  return posix.extname(path).slice(1).toLowerCase()
}

/** Whether the name ends with an extension, which may have several parts, such as `artillery.yml`. */
export function hasExtension({ path }: { readonly path: string }, extension: string): boolean {
  return path.toLowerCase().endsWith(`.${extension}`)
}

/**
 * The name to propose for a file that a session is written to. `source` is the path of the recording that the session
 * is read from; undefined for a live session, which is named after the time.
 */
export function proposedName(source: string | undefined, extension: string, now: Date): string {
  if (source === undefined)
    return `session-${now.toISOString().slice(0, 19).replaceAll(':', '-')}.${extension}`
  const { name, ext } = posix.parse(source)
  // The proposal never overwrites the recording.
  return ext.toLowerCase() === `.${extension}` ? `${name}-copy.${extension}` : `${name}.${extension}`
}
