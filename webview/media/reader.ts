/** Reads the stream of a connection piece by piece, as far as it has arrived. */
import type { StreamPiece } from '../../src/shared/protocol/payloads.ts'
import type { PageState } from '../state/page.ts'

export type ReadPiece = (from: number, maxBytes: number) => Promise<StreamPiece>

const PIECE = 512 * 1024

/** The stream of a connection after its `open` event. */
export function streamOf(
  { host }: PageState,
  { connection, open }: { readonly connection: number; readonly open: number },
): StreamReader {
  return new StreamReader((from, maxBytes) => host.call('stream', { connection, from, maxBytes }), open + 1)
}

export class StreamReader {
  readonly #read: ReadPiece
  #next: number
  #busy: Promise<Uint8Array<ArrayBuffer>> | undefined
  /** Bytes read. */
  size = 0
  /** Whether a part had been dropped. */
  lost = false
  /** Whether the connection was opened again, so that this stream is complete. */
  reopened: number | undefined

  /** Starts at event `from`. */
  constructor(read: ReadPiece, from: number) {
    this.#read = read
    this.#next = from
  }

  /** The next piece. Empty if nothing more has arrived. One read runs at a time. */
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
