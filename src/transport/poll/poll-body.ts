/** Collects the body of a response to a poll. */
import type { HttpResponse } from '../http/exchange.ts'
import { responseTooLarge } from './failures.ts'

const NOTHING = new Uint8Array()
/** If nothing of a body arrives for this many milliseconds, the server held it; a shorter gap may be the network's. */
const HELD_BACK = 100

/** A body within a limit. */
export class PollBody {
  readonly #response: HttpResponse
  readonly #limit: number
  #chunks: Uint8Array[] = []
  #lastTime: number
  /** When the last bytes arrived that the server had held; when the head arrived if it held none. */
  heldUntil: number
  size = 0
  /** Wire size; undefined if a content coding hides it. */
  wireSize: number | undefined = 0

  constructor(response: HttpResponse, limit: number) {
    this.#response = response
    this.#limit = limit
    this.#lastTime = response.headTime
    this.heldUntil = response.headTime
  }

  add(bytes: Uint8Array, time: number): void {
    if (time - this.#lastTime >= HELD_BACK) this.heldUntil = time
    this.#lastTime = time
    const end = this.size + bytes.length
    if (end > this.#limit) throw responseTooLarge(this.#limit)
    const span = this.#response.wireSpan(this.size, end)
    this.wireSize = span === undefined || this.wireSize === undefined ? undefined : this.wireSize + span
    this.#chunks.push(Buffer.from(bytes))
    this.size = end
  }

  bytes(): Uint8Array {
    const [only = NOTHING] = this.#chunks
    return this.#chunks.length < 2 ? only : Buffer.concat(this.#chunks)
  }
}
