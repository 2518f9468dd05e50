/** The event names of a capture on disk: one JSON string on each line, in the order of their indexes. */
import { closeSync, openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { EventNames } from '../event-names.ts'
import { PRIVATE_FILE, writeFully } from './files.ts'

const FILE = 'labels.jsonl'

export class EventNameFile {
  readonly #fd: number
  /** The number of event names in the file, and their bytes. */
  #count = 0
  #size = 0

  private constructor(fd: number) {
    this.#fd = fd
  }

  /** Creates the file. Throws if it exists. */
  static create(directory: string): EventNameFile {
    return new EventNameFile(openSync(join(directory, FILE), 'wx', PRIVATE_FILE))
  }

  /** Opens an existing file and restores its event names. A torn last line is overwritten. */
  static reopen(directory: string, eventNames: EventNames): EventNameFile {
    const path = join(directory, FILE)
    const file = new EventNameFile(openSync(path, 'r+', PRIVATE_FILE))
    const lines = readFileSync(path, 'utf8').split('\n').slice(0, -1)
    for (const [index, line] of lines.entries()) eventNames.restore(String(JSON.parse(line)), index)
    file.#count = lines.length
    file.#size = lines.reduce((size, line) => size + Buffer.byteLength(line) + 1, 0)
    return file
  }

  /** Appends the event names that are not in the file yet. */
  flush({ list }: EventNames): void {
    if (this.#count === list.length) return
    const lines = list.slice(this.#count).map((eventName) => `${JSON.stringify(eventName)}\n`)
    const bytes = Buffer.from(lines.join(''))
    writeFully(this.#fd, bytes, this.#size)
    this.#size += bytes.length
    this.#count = list.length
  }

  close(): void {
    closeSync(this.#fd)
  }
}
