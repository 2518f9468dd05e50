/** What the IDs of an event stream reveal: which event an ID repeats, and what a reconnect missed. */

/** A last event ID with more characters than this is emitted once, not with each event that it applies to. */
const LONG_ID = 128

/** Whether an emitted event already carried this long last event ID. Records that one does now. */
export function isAlreadyEmitted(resume: { emittedEventId?: string }, id: string): boolean {
  if (id.length > LONG_ID && id === resume.emittedEventId) return true
  resume.emittedEventId = id
  return false
}

/** How many recent events are kept to recognize repeated ones. */
const KEPT = 256

export interface Sighting {
  /** Events between the last one before the reconnect and this one that were missed; 0 if none is known. */
  readonly missed: number
  /** The event was already received before the reconnect. */
  readonly repeated: boolean
}

const NOTHING: Sighting = { missed: 0, repeated: false }

/**
 * Recognizes events that are repeated or missing after a reconnect. An event is repeated if its ID and content are
 * those of an earlier event, unless the stream repeats events anyway. Events are missing if the IDs have always
 * increased by one and now skip some.
 */
export class EventIds {
  readonly #recent = new Set<string>()
  #repeatsItself = false
  #last: number | undefined
  #counts: 'unknown' | 'by one' | 'otherwise' = 'unknown'
  #resuming = false

  /** Another attempt begins. */
  reconnected(): void {
    this.#resuming = this.#recent.size > 0
  }

  /** Takes the next event that has an ID of its own. */
  see(id: string, event: string, payload: Uint8Array): Sighting {
    const key = `${id.slice(0, 200)}\n${event.slice(0, 200)}\n${payload.length}\n${hash(payload)}`
    const known = this.#recent.has(key)
    if (this.#resuming && known && !this.#repeatsItself) return { missed: 0, repeated: true }
    const resuming = this.#resuming
    this.#resuming = false
    this.#repeatsItself ||= known && !resuming
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
