/** The event names of a capture on disk, a JSON string a line, in the order of their numbers. */
import { closeSync, ftruncateSync, openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { EventNames } from '../event-names.ts'
import { PRIVATE_FILE, writeFully } from './files.ts'

const FILE = 'labels.jsonl'

export class EventNameFile {
  readonly #fd: number
  /** How many event names are in the file, and the bytes they take. */
  #count = 0
  #size = 0

  private constructor(fd: number) {
    this.#fd = fd
  }

  /** Makes the file. Throws where there is one. */
  static create(directory: string): EventNameFile {
    return new EventNameFile(openSync(join(directory, FILE), 'wx', PRIVATE_FILE))
  }

  /** Opens the file that was left, and gives its event names back; a torn last line is written over. */
  static reopen(directory: string, eventNames: EventNames): EventNameFile {
    const path = join(directory, FILE)
    const file = new EventNameFile(openSync(path, 'r+', PRIVATE_FILE))
    const lines = readFileSync(path, 'utf8').split('\n').slice(0, -1)
    for (const [index, line] of lines.entries()) eventNames.restore(String(JSON.parse(line)), index)
    file.#count = lines.length
    file.#size = lines.reduce((size, line) => size + Buffer.byteLength(line) + 1, 0)
    return file
  }

  /** Writes those that are not in the file yet. */
  flush({ list }: EventNames): void {
    if (this.#count === list.length) return
    const lines = list.slice(this.#count).map((eventName) => `${JSON.stringify(eventName)}\n`)
    const bytes = Buffer.from(lines.join(''))
    writeFully(this.#fd, bytes, this.#size)
    this.#size += bytes.length
    this.#count = list.length
  }

  clear(): void {
    this.#count = 0
    this.#size = 0
    ftruncateSync(this.#fd)
  }

  close(): void {
    closeSync(this.#fd)
  }
}
