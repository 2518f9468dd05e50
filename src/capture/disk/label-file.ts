/** The labels of a capture on disk, a JSON string a line, in the order of their numbers. */
import { closeSync, ftruncateSync, openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Labels } from '../labels.ts'
import { PRIVATE_FILE, writeFully } from './files.ts'

const LABELS_FILE = 'labels.jsonl'

export class LabelFile {
  readonly #fd: number
  /** How many labels are in the file, and the bytes they take. */
  #count = 0
  #size = 0

  private constructor(fd: number) {
    this.#fd = fd
  }

  /** Makes the file. Throws where there is one. */
  static create(directory: string): LabelFile {
    return new LabelFile(openSync(join(directory, LABELS_FILE), 'wx', PRIVATE_FILE))
  }

  /** Opens the file that was left, and gives its labels back; a torn last line is written over. */
  static reopen(directory: string, labels: Labels): LabelFile {
    const path = join(directory, LABELS_FILE)
    const file = new LabelFile(openSync(path, 'r+', PRIVATE_FILE))
    const lines = readFileSync(path, 'utf8').split('\n').slice(0, -1)
    for (const [index, line] of lines.entries()) labels.restore(String(JSON.parse(line)), index)
    file.#count = lines.length
    file.#size = lines.reduce((size, line) => size + Buffer.byteLength(line) + 1, 0)
    return file
  }

  /** Writes those that are not in the file yet. */
  flush({ list }: Labels): void {
    if (this.#count === list.length) return
    const lines = list.slice(this.#count).map((label) => `${JSON.stringify(label)}\n`)
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
