/** Bytes of a connection beside the payload of what came in: heads, framing, pings and comments. */
import type { OpenEvent, RealtimeEvent, ResponseEvent } from '../../shared/event.ts'

export class Overhead {
  #heads = 0
  #areHeadsKnown = true
  /** Framing of inbound messages whose size on the connection is known. */
  #framing = 0
  #framed = 0
  #unframed = 0
  #keepAlive = 0
  #isKeepAliveKnown = true
  #in = 0
  #out = 0
  #isInKnown = true
  #isOutKnown = true

  /** Takes an event. A poll's `open` has no sizes of heads, because its first `response` does. */
  add(event: RealtimeEvent, isPoll: boolean): void {
    switch (event.type) {
      case 'open':
        if (!isPoll) this.#head(event)
        break
      case 'response':
        this.#head(event)
        break
      case 'message':
      case 'ping':
      case 'pong':
        this.#moved(event.direction === 'out', event.wireSize)
        if (event.type !== 'message') this.#keep(event.wireSize)
        else if (event.direction === 'in') this.#frame(event.dropped ?? event.payload.length, event.wireSize)
        break
      case 'comment':
        this.#moved(false, event.wireSize)
        this.#keep(event.wireSize)
        break
    }
  }

  /** Null if a head is unknown, or none came. */
  get heads(): number | null {
    return this.#areHeadsKnown && this.#heads > 0 ? this.#heads : null
  }

  /** Of all messages; for those whose size is unknown, as much as for the others on average. Null if none is known. */
  get framing(): number | null {
    return this.#framed === 0 ? null : (this.#framing / this.#framed) * (this.#framed + this.#unframed)
  }

  /** Of pings, pongs and comments. Null if the size of one is unknown. */
  get keepAlive(): number | null {
    return this.#isKeepAliveKnown ? this.#keepAlive : null
  }

  get bytesIn(): number | null {
    return this.#isInKnown && this.heads !== null ? this.#in : null
  }

  get bytesOut(): number | null {
    return this.#isOutKnown && this.heads !== null ? this.#out : null
  }

  #head({ requestHeadSize, headSize }: OpenEvent | ResponseEvent): void {
    if (requestHeadSize === undefined || headSize === undefined) {
      this.#areHeadsKnown = false
      return
    }
    this.#heads += requestHeadSize + headSize
    this.#in += headSize
    this.#out += requestHeadSize
  }

  #keep(wireSize: number | undefined): void {
    this.#keepAlive += wireSize ?? 0
    this.#isKeepAliveKnown &&= wireSize !== undefined
  }

  #frame(size: number, wireSize: number | undefined): void {
    if (wireSize === undefined) this.#unframed++
    else {
      this.#framed++
      this.#framing += wireSize - size
    }
  }

  #moved(isOut: boolean, wireSize: number | undefined): void {
    if (isOut) {
      this.#out += wireSize ?? 0
      this.#isOutKnown &&= wireSize !== undefined
    } else {
      this.#in += wireSize ?? 0
      this.#isInKnown &&= wireSize !== undefined
    }
  }
}
