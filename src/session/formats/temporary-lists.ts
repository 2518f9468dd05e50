/** Bytes put aside while a file is made, of which only the latest are in memory. */
import { randomUUID } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { appendFile, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Bytes of one spool in memory. */
const HELD = 256 * 1024

/** A folder of spools, private to the user. */
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
  /** Bytes in all. */
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

  /** Everything from the beginning, in pieces. */
  async *read(): AsyncGenerator<Buffer> {
    if (this.#path !== undefined)
      for await (const chunk of createReadStream(this.#path)) yield chunk as Buffer
    for (const held of this.#held) yield Buffer.from(held)
  }

  /** Gives the bytes up. */
  async remove(): Promise<void> {
    this.#held = []
    if (this.#path !== undefined) await rm(this.#path, { force: true })
  }
}

/** JSON of the items added, with commas between them. */
export class JsonList {
  readonly #spool: Spool
  count = 0

  constructor(spool: Spool) {
    this.#spool = spool
  }

  /** Takes the JSON of an item in pieces. */
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
