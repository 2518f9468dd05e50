/** Reads a connection's stream on, piece by piece, as far as it has come. */
import type { StreamPiece } from '../../src/shared/protocol/payloads.ts'

export type ReadPiece = (from: number, maxBytes: number) => Promise<StreamPiece>

const PIECE = 512 * 1024

export class StreamReader {
  readonly #read: ReadPiece
  #next: number
  #busy: Promise<Uint8Array<ArrayBuffer>> | undefined
  /** Bytes read. */
  size = 0
  /** Something of it was not kept any more. */
  lost = false
  /** The connection opened anew after it: nothing more will come. */
  reopened: number | undefined

  /** Begins at event `from`. */
  constructor(read: ReadPiece, from: number) {
    this.#read = read
    this.#next = from
  }

  /** What comes next; empty where nothing more has come by now. One read runs at a time. */
  read(): Promise<Uint8Array<ArrayBuffer>> {
    this.#busy ??= this.#advance().finally(() => {
      this.#busy = undefined
    })
    return this.#busy
  }

  async #advance(): Promise<Uint8Array<ArrayBuffer>> {
    for (;;) {
      if (this.reopened !== undefined) return new Uint8Array(0)
      const { bytes, next, reopened, lost, atEnd } = await this.#read(this.#next, PIECE)
      this.#next = next
      this.size += bytes.length
      this.lost ||= lost
      if (reopened) this.reopened = next
      if (bytes.length > 0 || atEnd) return bytes
    }
  }
}
