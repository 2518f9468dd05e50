/** Bytes on the connection against bytes of payload, where the former are known. */

export interface WireReport {
  /** Bytes of all payloads. */
  readonly payload: number
  /** Events whose size on the connection is known, and those whose is not. */
  readonly known: number
  readonly unknown: number
  /** Bytes on the connection of the known ones. */
  readonly wire: number
  /** `wire` less the payloads of the known ones; below nought where compression saved more than framing cost. */
  readonly overhead: number
}

export class WireTally {
  #payload = 0
  #known = 0
  #unknown = 0
  #wire = 0
  #knownPayload = 0

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

  report(): WireReport {
    return {
      payload: this.#payload,
      known: this.#known,
      unknown: this.#unknown,
      wire: this.#wire,
      overhead: this.#wire - this.#knownPayload,
    }
  }
}
