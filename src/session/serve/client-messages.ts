/** Compares what a client sends with what the recorded client sent. */
import { createHash } from 'node:crypto'
import type { MessageEvent } from '../../shared/event.ts'
import { getOrMake } from '../../shared/maps.ts'
import { canonicalJson } from '../packets/canonical-json.ts'

/** Counts the client's messages. */
export class MessageCounter {
  #received = 0
  #expected = 0
  #wake = () => {}

  /** Call when the client has sent a message. */
  received(): void {
    this.#received++
    this.#wake()
  }

  /** Settles once the client has sent one more message than at the last call. Rejects with the signal's reason. */
  async next(signal: AbortSignal): Promise<void> {
    this.#expected++
    while (this.#received < this.#expected) {
      signal.throwIfAborted()
      await new Promise<void>((resolve) => {
        this.#wake = resolve
        signal.addEventListener('abort', this.#wake, { once: true })
      })
      signal.removeEventListener('abort', this.#wake)
    }
  }
}

/** Recorded messages, indexed by content. */
export class RequestIndex {
  readonly #byKey = new Map<string, { readonly places: number[]; next: number }>()

  /** Adds a message, which `find` returns by its place. */
  add(place: number, { payload, opcode = 'text' }: Pick<MessageEvent, 'payload' | 'opcode'>): void {
    getOrMake(this.#byKey, keyOf(payload, opcode), () => ({ places: [], next: 0 })).places.push(place)
  }

  /** The place of a recorded message that equals this one. If there are several, returns them in turn. */
  find(payload: Uint8Array, opcode: 'text' | 'binary'): number | undefined {
    const entry = this.#byKey.get(keyOf(payload, opcode))
    if (entry === undefined) return undefined
    const place = entry.places[entry.next % entry.places.length]
    entry.next++
    return place
  }
}

/** The same for equal messages: texts are compared as JSON if they are JSON, everything else byte by byte. */
function keyOf(payload: Uint8Array, opcode: 'text' | 'binary'): string {
  const content = (opcode === 'text' && canonicalJson(Buffer.from(payload).toString())) || payload
  return createHash('sha256').update(opcode).update(content).digest('base64')
}
