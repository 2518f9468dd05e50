/** Bytes on the connection, as far as they are known, and bytes of payload. */
import type { WireReport } from '../../shared/report.ts'

export class SizeFigures {
  #payload = 0
  #known = 0
  #unknown = 0
  #wire = 0
  #knownPayload = 0
  #heads = 0

  add(size: number, wireSize: number | undefined): void {
    this.#payload += size
    if (wireSize === undefined) {
      this.#unknown++
      return
    }
    this.#known++
    this.#wire += wireSize
    this.#knownPayload += size
  }

  addHead(size: number | undefined): void {
    this.#heads += size ?? 0
  }

  report(): WireReport {
    return {
      payload: this.#payload,
      known: this.#known,
      unknown: this.#unknown,
      heads: this.#heads,
      wire: this.#wire + this.#heads,
      overhead: this.#wire + this.#heads - this.#knownPayload,
    }
  }
}
