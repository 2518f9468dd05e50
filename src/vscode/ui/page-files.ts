/** The files of the pages. A .vsix has them in an archive, which takes a fifth less space than as many files in it. */
import { createHash, randomUUID } from 'node:crypto'
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'

const ARCHIVE = 'pages.br'
/** Another window may still run the version of the extension before an update. */
const KEPT_DAYS = 14
const DAY = 86_400_000

export class PageFiles {
  readonly #dist: string
  readonly #storage: string
  #folder: string | undefined

  /**
   * @param dist The folder of the programs
   * @param storage A folder of the extension, for all workspaces
   */
  constructor(dist: string, storage: string) {
    this.#dist = dist
    this.#storage = join(storage, 'pages')
  }

  /** The folder that has them. Unpacks them if this version did not do so before; throws if that fails. */
  folder(): string {
    if (this.#folder === undefined || !existsSync(this.#folder)) this.#folder = this.#find()
    return this.#folder
  }

  #find(): string {
    const archive = join(this.#dist, ARCHIVE)
    if (!existsSync(archive) || existsSync(join(this.#dist, 'webview.js'))) return this.#dist
    const name = createHash('sha256').update(readFileSync(archive)).digest('hex').slice(0, 32)
    const folder = join(this.#storage, name)
    const isNew = !existsSync(folder)
    if (isNew) this.#unpack(folder)
    try {
      const now = new Date()
      utimesSync(folder, now, now)
      if (isNew) this.#removeOld()
    } catch {
      // The storage cannot be written, or another window uses or removes older files. These are there.
    }
    return folder
  }

  /** Makes the folder at once: there is none that lacks some of its files. */
  #unpack(folder: string): void {
    // The reader of the archives comes with them.
    const archive = join(this.#dist, ARCHIVE)
    const { modulesIn } = createRequire(archive)('./load.cjs')
    const files: ReadonlyMap<string, Buffer> = modulesIn(archive)
    const unfinished = `${folder}.${randomUUID()}`
    mkdirSync(unfinished, { recursive: true })
    try {
      // Flushed, because a power failure after the renaming must not leave empty files: they would be used on.
      for (const [name, contents] of files) writeFileSync(join(unfinished, name), contents, { flush: true })
      renameSync(unfinished, folder)
    } catch (error) {
      rmSync(unfinished, { recursive: true, force: true })
      // Another window was faster.
      if (!existsSync(folder)) throw error
    }
  }

  #removeOld(): void {
    const oldest = Date.now() - KEPT_DAYS * DAY
    for (const name of readdirSync(this.#storage)) {
      const path = join(this.#storage, name)
      const used = statSync(path, { throwIfNoEntry: false })?.mtimeMs
      if (used !== undefined && used < oldest) rmSync(path, { recursive: true, force: true })
    }
  }
}
