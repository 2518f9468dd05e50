/** The message that is decoded now, of the many that are decoded one after another. */
import type { Direction } from '../shared/event.ts'
import type { ConnectionFacts, EncodedMessage } from './decoder.ts'

const NOTHING = Buffer.alloc(0)
const NO_FACTS: ConnectionFacts = { connection: 0 }

/** Holds one message after another, because objects and views for each would take as long as decoding a short one. */
export class CurrentMessage implements EncodedMessage {
  facts = NO_FACTS
  number = 0
  time = 0
  direction: Direction = 'in'
  isRequest = false
  url = ''
  binary = false
  eventName = ''
  size = 0
  // Private, so that a spread copy has none of them: it may have another payload.
  #bytes: Buffer = NOTHING
  #from = 0
  #to = 0
  #payload: Uint8Array | undefined

  get bytes(): Buffer {
    return this.#bytes
  }

  get from(): number {
    return this.#from
  }

  get to(): number {
    return this.#to
  }

  get payload(): Uint8Array {
    this.#payload ??= this.#bytes.subarray(this.#from, this.#to)
    return this.#payload
  }

  /** Sets the payload. */
  take(bytes: Buffer, from: number, to: number): void {
    this.#bytes = bytes
    this.#from = from
    this.#to = to
    this.#payload = undefined
  }
}
