/**
 * Recovers what can be decoded before an error. Node's decompressors do not output anything of the write that fails.
 */

/** Most input and output bytes for which the error is searched, so that the search takes a few milliseconds at most. */
const MAX_GIVEN = 256 * 1024
const MAX_DECODED = 1024 * 1024
/** More bytes than a decompressor buffers. */
const MARGIN = 128 * 1024
const NOTHING = new Uint8Array(0)

export class Salvage {
  readonly #decode: (bytes: Uint8Array, maxOutputLength: number) => Uint8Array
  /** Everything written since the data began; undefined if that is too much. */
  #given: Uint8Array[] | undefined = []
  #size = 0
  #came = 0

  /** `decode` decodes incomplete data, and throws if a byte is wrong. */
  constructor(decode: (bytes: Uint8Array, maxOutputLength: number) => Uint8Array = () => NOTHING) {
    this.#decode = decode
  }

  /** New data begin. */
  begin(): void {
    this.#given = []
    this.#size = 0
    this.#came = 0
  }

  /** The bytes were written to the decompressor. */
  given(bytes: Uint8Array): void {
    this.#size += bytes.length
    if (this.#size > MAX_GIVEN) this.#given = undefined
    else this.#given?.push(bytes)
  }

  /** The decompressor delivered `size` bytes. */
  came(size: number): void {
    this.#came += size
    if (this.#came > MAX_DECODED) this.#given = undefined
  }

  /** What the longest valid beginning decodes to, without what was delivered already. */
  rest(): Uint8Array {
    const given = Buffer.concat(this.#given ?? [])
    let best = NOTHING
    // All writes before the last one were valid.
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
