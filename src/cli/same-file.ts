import { stat } from 'node:fs/promises'
import { resolve } from 'node:path'

/** Whether two paths name the same file, also through links. A file that does not exist is the same as no other. */
export async function isSameFile(one: string, other: string): Promise<boolean> {
  if (resolve(one) === resolve(other)) return true
  const [a, b] = await Promise.all(
    [one, other].map((name) => stat(name, { bigint: true }).catch(() => undefined)),
  )
  // Some network drives of Windows give no numbers to files.
  return a !== undefined && a.ino !== 0n && a.ino === b?.ino && a.dev === b.dev
}
