/** The file of `--cookie-jar`: read before the first connection, and written after the last one. */
import { readFile, stat, writeFile } from 'node:fs/promises'
import { formatCookies, parseCookies } from '../../engine/cookies/netscape.ts'
import { SessionCookies } from '../../engine/cookies/session-cookies.ts'
import { writeWhole } from '../../session/whole-file.ts'
import { Failure } from '../../shared/failure.ts'
import type { StoredCookie } from '../../shared/protocol/cookies.ts'
import { UsageError } from '../command-line.ts'
import { reasonFor } from './option-files.ts'

/** More than the cookies that a jar keeps. */
const MAX_SIZE = 16 * 1024 * 1024
const PRIVATE = 0o600

export class CookieFile {
  readonly cookies = new SessionCookies()
  readonly #path: string

  /** Reads the file if it exists. Rejects with a `UsageError` if it cannot be read, or is not a file of cookies. */
  static async read(path: string): Promise<CookieFile> {
    const file = new CookieFile(path)
    const jar = await file.cookies.jar()
    jar.add(await readCookies(path))
    return file
  }

  private constructor(path: string) {
    this.#path = path
  }

  /** Rejects with a `Failure` if the file cannot be written. Only its owner can read a new file. */
  async write(): Promise<void> {
    const text = formatCookies((await this.cookies.jar()).list())
    await writeWhole(this.#path, (partial) => writeFile(partial, text), PRIVATE)
  }
}

async function readCookies(path: string): Promise<readonly StoredCookie[]> {
  try {
    if ((await stat(path)).size > MAX_SIZE) throw new UsageError(`${path} is too large for a cookie file.`)
    return parseCookies(new TextDecoder().decode(await readFile(path)), Date.now())
  } catch (thrown) {
    if (thrown instanceof UsageError) throw thrown
    if (thrown instanceof Failure)
      throw new UsageError(`The file that --cookie-jar names, ${path}, cannot be used. ${thrown.message}`)
    const error = thrown as NodeJS.ErrnoException
    if (error.code === 'ENOENT') return []
    throw new UsageError(`The file that --cookie-jar names, ${path}, cannot be read: ${reasonFor(error)}.`)
  }
}
