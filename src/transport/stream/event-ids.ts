/** What is made of the ids of an event stream. */
/** A last event id of more characters than this is told once, rather than with every event under it. */
const LONG_ID = 128

/** Whether the last event id in force is a long one that an event has told already; notes that it is told now. */
export function isAlreadyEmitted(resume: { emittedEventId?: string }, id: string): boolean {
  if (id.length > LONG_ID && id === resume.emittedEventId) return true
  resume.emittedEventId = id
  return false
}

/** Ids of recent events kept to recognise those that come again. */
const KEPT = 256

export interface Sighting {
  /** Events between the last one before the connection was lost and this one; 0 where none is known of. */
  readonly missed: number
  /** The event came before the connection was lost. */
  readonly repeated: boolean
}

const NOTHING: Sighting = { missed: 0, repeated: false }

/**
 * What the ids of an event stream tell over a reconnect. An event is repeated where id and content are those
 * of one seen before, in a stream that does not repeat itself anyway. Events are missed where the ids have
 * so far counted on by one, and now skip.
 */
export class EventIds {
  readonly #recent = new Set<string>()
  #selfRepeating = false
  #last: number | undefined
  #counts: 'unknown' | 'by one' | 'otherwise' = 'unknown'
  #resuming = false

  /** Another attempt begins. */
  reconnected(): void {
    this.#resuming = this.#recent.size > 0
  }

  /** Takes an event that gave an id, in the order of the stream. */
  see(id: string, event: string, payload: Uint8Array): Sighting {
    const key = `${id.slice(0, 200)}\n${event.slice(0, 200)}\n${payload.length}\n${hash(payload)}`
    const known = this.#recent.has(key)
    if (this.#resuming && known && !this.#selfRepeating) return { missed: 0, repeated: true }
    const resuming = this.#resuming
    this.#resuming = false
    this.#selfRepeating ||= known && !resuming
    this.#remember(key)
    return this.#count(id, resuming)
  }

  #remember(key: string): void {
    this.#recent.add(key)
    if (this.#recent.size <= KEPT) return
    for (const oldest of this.#recent) {
      this.#recent.delete(oldest)
      return
    }
  }

  #count(id: string, resuming: boolean): Sighting {
    const last = this.#last
    const number = /^(?:0|[1-9]\d{0,14})$/.test(id) ? Number(id) : undefined
    this.#last = number
    if (last === undefined || number === undefined) {
      if (number === undefined) this.#counts = 'otherwise'
      return NOTHING
    }
    if (number === last + 1) {
      if (this.#counts === 'unknown') this.#counts = 'by one'
      return NOTHING
    }
    if (!resuming) this.#counts = 'otherwise'
    const missed = resuming && this.#counts === 'by one' ? Math.max(number - last - 1, 0) : 0
    return { missed, repeated: false }
  }
}

/** FNV-1a over the beginning and the end of a payload. */
function hash(bytes: Uint8Array): number {
  let value = 0x811c9dc5
  const sample = 128
  for (let i = 0; i < bytes.length; i++) {
    if (i === sample && bytes.length > 2 * sample) i = bytes.length - sample
    value = Math.imul(value ^ (bytes[i] ?? 0), 0x01000193)
  }
  return value >>> 0
}
