/** Stores parts of a file in temporary files until they are written. Only the latest bytes are in memory. */
import { randomUUID } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { appendFile, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Bytes of a spool that are held in memory. */
const HELD = 256 * 1024

/** A temporary folder of spools that only the user can read. */
export class Spools {
  #folder: Promise<string> | undefined

  make(): Spool {
    return new Spool(() => {
      this.#folder ??= mkdtemp(join(tmpdir(), 'realtime-inspector-convert-'))
      return this.#folder
    })
  }

  async remove(): Promise<void> {
    if (this.#folder !== undefined) await rm(await this.#folder, { recursive: true, force: true })
  }
}

export class Spool {
  /** Number of all bytes. */
  size = 0
  readonly #folder: () => Promise<string>
  #path: string | undefined
  #held: Uint8Array[] = []
  #heldSize = 0

  constructor(folder: () => Promise<string>) {
    this.#folder = folder
  }

  /** Takes a copy. */
  async add(bytes: Uint8Array | string): Promise<void> {
    const copy = Buffer.from(bytes as Uint8Array)
    this.size += copy.length
    this.#held.push(copy)
    this.#heldSize += copy.length
    if (this.#heldSize < HELD) return
    this.#path ??= join(await this.#folder(), randomUUID())
    await appendFile(this.#path, Buffer.concat(this.#held))
    this.#held = []
    this.#heldSize = 0
  }

  /** All bytes, in pieces. */
  async *read(): AsyncGenerator<Buffer> {
    if (this.#path !== undefined)
      for await (const chunk of createReadStream(this.#path)) yield chunk as Buffer
    for (const held of this.#held) yield Buffer.from(held)
  }

  /** Discards the bytes. */
  async remove(): Promise<void> {
    this.#held = []
    if (this.#path !== undefined) await rm(this.#path, { force: true })
  }
}

/** The JSON of a list of items, separated by commas. */
export class JsonList {
  readonly #spool: Spool
  count = 0

  constructor(spool: Spool) {
    this.#spool = spool
  }

  /** Adds an item. Its JSON comes in pieces. */
  async add(pieces: Iterable<string>): Promise<void> {
    let text = this.count++ > 0 ? ',' : ''
    for (const piece of pieces) {
      text += piece
      if (text.length < HELD) continue
      await this.#spool.add(text)
      text = ''
    }
    await this.#spool.add(text)
  }

  async *read(): AsyncGenerator<string> {
    const decoder = new TextDecoder()
    for await (const chunk of this.#spool.read()) yield decoder.decode(chunk, { stream: true })
  }

  remove(): Promise<void> {
    return this.#spool.remove()
  }
}
