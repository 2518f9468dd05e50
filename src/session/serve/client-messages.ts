/** What a client has to send before the recorded peer goes on. */
import { createHash } from 'node:crypto'
import type { MessageEvent } from '../../shared/event.ts'

/** Counts the client's messages. */
export class MessageCounter {
  #received = 0
  #expected = 0
  #wake = () => {}

  /** The client has sent a message. */
  received(): void {
    this.#received++
    this.#wake()
  }

  /** Settles when the client has sent one message more than at the last call; rejects with the signal's reason. */
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

/** Recorded messages by what they say. */
export class RequestIndex {
  readonly #byKey = new Map<string, { readonly places: number[]; next: number }>()

  /** Adds the message that stands at a place. */
  add(place: number, { payload, opcode = 'text' }: Pick<MessageEvent, 'payload' | 'opcode'>): void {
    const key = keyOf(payload, opcode)
    const entry = this.#byKey.get(key)
    if (entry === undefined) this.#byKey.set(key, { places: [place], next: 0 })
    else entry.places.push(place)
  }

  /** The place of the recorded message that equals this one, in turn where there are several. */
  find(payload: Uint8Array, opcode: 'text' | 'binary'): number | undefined {
    const entry = this.#byKey.get(keyOf(payload, opcode))
    if (entry === undefined) return undefined
    const place = entry.places[entry.next % entry.places.length]
    entry.next++
    return place
  }
}

/** Equal for messages that are equal: texts as JSON where they are JSON, else byte by byte. */
function keyOf(payload: Uint8Array, opcode: 'text' | 'binary'): string {
  const content = (opcode === 'text' && canonicalJson(Buffer.from(payload).toString())) || payload
  return createHash('sha256').update(opcode).update(content).digest('base64')
}

/** JSON with its members in order and without white space; undefined for what is none, or too deep to tell. */
function canonicalJson(text: string): string | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return JSON.stringify(value, (_key, member: unknown) =>
      typeof member === 'object' && member !== null && !Array.isArray(member)
        ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
        : member,
    )
  } catch {
    // SyntaxError, or RangeError for nesting beyond the stack: compared byte by byte.
    return undefined
  }
}
