/** Memory for the inflated messages of one arrival, which receivers share. */
import { Lender } from '../lender.ts'

const SIZE = 512 * 1024

const outputs = new Lender(() => new Uint8Array(SIZE))

export class LentOutput {
  /** Where the next message goes. */
  end = 0
  #bytes: Uint8Array<ArrayBuffer> | undefined

  get isLent(): boolean {
    return this.#bytes !== undefined
  }

  /** Bytes that are free. */
  get left(): number {
    return SIZE - this.end
  }

  /** The memory: the same until it is given back. */
  lend(): Uint8Array<ArrayBuffer> {
    this.#bytes ??= outputs.lend()
    return this.#bytes
  }

  giveBack(): void {
    this.end = 0
    if (this.#bytes !== undefined) outputs.giveBack(this.#bytes)
    this.#bytes = undefined
  }
}
