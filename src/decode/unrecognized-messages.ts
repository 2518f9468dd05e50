/** Remembers messages that no decoder recognized: a server sends many of them to all of its clients. */
import type { EncodedMessage } from './decoder.ts'

/** Messages that are remembered, and bytes of one of them. */
const MOST_MESSAGES = 8
const MOST_BYTES = 1024

type Known = Pick<EncodedMessage, 'direction' | 'isRequest' | 'url' | 'binary' | 'eventName' | 'payload'>

export class UnrecognizedMessages {
  /** The oldest are overwritten. */
  #known: Known[] = []
  #oldest = 0

  /** The payload of an equal message; undefined if it has to be looked at. */
  find(message: EncodedMessage): Uint8Array | undefined {
    for (const known of this.#known) if (areEqual(known, message)) return known.payload
    return undefined
  }

  /** Call if no decoder recognizes the message. Its payload must stay as it is. */
  add({ direction, isRequest, url, binary, eventName, payload, size }: EncodedMessage): void {
    if (size > MOST_BYTES || payload.length < size) return
    this.#known[this.#oldest] = { direction, isRequest, url, binary, eventName, payload }
    this.#oldest = (this.#oldest + 1) % MOST_MESSAGES
  }
}

function areEqual(known: Known, message: EncodedMessage): boolean {
  return (
    known.payload.length === message.size &&
    known.direction === message.direction &&
    known.binary === message.binary &&
    known.eventName === message.eventName &&
    known.isRequest === message.isRequest &&
    known.url === message.url &&
    Buffer.compare(known.payload, message.payload) === 0
  )
}
