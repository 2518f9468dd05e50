/** The name that is proposed for a file that a session is written to. */
import { posix } from 'node:path'

/** `source` is the path of the recording that it is made of; undefined for a live session, whose name is the time. */
export function proposedName(source: string | undefined, extension: string, now: Date): string {
  if (source === undefined)
    return `session-${now.toISOString().slice(0, 19).replaceAll(':', '-')}.${extension}`
  const { name, ext } = posix.parse(source)
  // Never the recording itself.
  return ext.toLowerCase() === `.${extension}` ? `${name}-copy.${extension}` : `${name}.${extension}`
}
