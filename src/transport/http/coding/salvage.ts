/** What a decompressor had decoded when it failed: Node's gives nothing out of the write in which something is wrong. */

/** Bytes in and out up to which what is wrong is looked for, so that this takes some milliseconds at most. */
const MAX_GIVEN = 256 * 1024
const MAX_DECODED = 1024 * 1024
/** More than a decompressor holds back. */
const MARGIN = 128 * 1024
const NOTHING = new Uint8Array(0)

export class Salvage {
  readonly #decode: (bytes: Uint8Array, maxOutputLength: number) => Uint8Array
  /** Everything that was written since the data began; undefined if that is too much. */
  #given: Uint8Array[] | undefined = []
  #size = 0
  #came = 0

  /** `decode` decodes data as far as they go; it throws if something in them is wrong. */
  constructor(decode: (bytes: Uint8Array, maxOutputLength: number) => Uint8Array = () => NOTHING) {
    this.#decode = decode
  }

  /** The data begin anew. */
  begin(): void {
    this.#given = []
    this.#size = 0
    this.#came = 0
  }

  /** The bytes are written to the decompressor. */
  given(bytes: Uint8Array): void {
    this.#size += bytes.length
    if (this.#size > MAX_GIVEN) this.#given = undefined
    else this.#given?.push(bytes)
  }

  /** Bytes came out of it. */
  came(size: number): void {
    this.#came += size
    if (this.#came > MAX_DECODED) this.#given = undefined
  }

  /** What is decoded of the longest beginning in which nothing is wrong, without what came already. */
  rest(): Uint8Array {
    const given = Buffer.concat(this.#given ?? [])
    let best = NOTHING
    // What was written before the last time was right.
    let right = given.length - (this.#given?.at(-1)?.length ?? 0)
    for (let wrong = given.length; wrong - right > 1; ) {
      const middle = (right + wrong) >> 1
      try {
        best = new Uint8Array(this.#decode(given.subarray(0, middle), this.#came + MARGIN))
        right = middle
      } catch {
        wrong = middle
      }
    }
    return best.subarray(Math.min(this.#came, best.length))
  }
}
