/** The files of the events that were cleared last, in a folder of their own in that of the capture. */
import { mkdirSync, readdirSync, renameSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { CLEARED, isCaptureFile, NEWER, PRIVATE_DIRECTORY, removeCapture } from './files.ts'

export class ClearedFiles {
  readonly #directory: string
  readonly #aside: string
  #hasFiles = false
  /** Number of events; 0 if there are none. */
  events = 0
  /** Total size of the files. */
  bytes = 0

  constructor(directory: string) {
    this.#directory = directory
    this.#aside = join(directory, CLEARED)
  }

  /** Moves the files of the capture here. They may be open and stay open. */
  take(events: number): void {
    this.#hasFiles = true
    move(this.#directory, this.#aside)
    this.events = events
    this.bytes = readdirSync(this.#aside).reduce(
      (sum, name) => sum + statSync(join(this.#aside, name)).size,
      0,
    )
  }

  /**
   * Moves the files back. Those that the capture has by now may be open; they are moved aside until the returned function
   * is called, which removes them.
   */
  putBack(): () => void {
    const newer = join(this.#directory, NEWER)
    move(this.#directory, newer)
    move(this.#aside, this.#directory)
    this.drop()
    return () => removeCapture(newer)
  }

  /** Removes the files. */
  drop(): void {
    if (!this.#hasFiles) return
    this.#hasFiles = false
    this.events = 0
    this.bytes = 0
    removeCapture(this.#aside)
  }
}

function move(from: string, to: string): void {
  mkdirSync(to, { recursive: true, mode: PRIVATE_DIRECTORY })
  for (const name of readdirSync(from).filter(isCaptureFile)) renameSync(join(from, name), join(to, name))
}
