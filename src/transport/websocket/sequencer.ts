/**
 * Puts events in the order of their stamps where some are complete only later: a received message is
 * stamped on arrival and inflated after, a sent one is stamped at the call and deflated after.
 */
import type { TransportEvent } from '../../shared/event.ts'
import { Fifo } from './fifo.ts'

/** A place in the order of events; those behind it wait until it is done with. */
export interface Place {
  add(event: TransportEvent): void
  /** Nothing more comes here. */
  done(): void
}

class Slot implements Place {
  readonly events: TransportEvent[] = []
  settled = false
  readonly #changed: () => void

  constructor(changed: () => void) {
    this.#changed = changed
  }

  add(event: TransportEvent): void {
    this.events.push(event)
  }

  done(): void {
    this.settled = true
    this.#changed()
  }
}

export class Sequencer {
  readonly #emit: (event: TransportEvent) => void
  readonly #slots = new Fifo<Slot>()
  readonly #flushed = () => this.#flush()
  #flushing = false

  constructor(emit: (event: TransportEvent) => void) {
    this.#emit = emit
  }

  /** Nothing waits for anything: what is emitted now is in order. */
  get idle(): boolean {
    return this.#slots.peek() === undefined
  }

  /** Takes the next place. */
  reserve(): Place {
    const slot = new Slot(this.#flushed)
    this.#slots.push(slot)
    return slot
  }

  /** Emits the event once all that was reserved before is done with. */
  add(event: TransportEvent): void {
    const place = this.reserve()
    place.add(event)
    place.done()
  }

  #flush(): void {
    // What an event sets off may add the next one; it must not overtake.
    if (this.#flushing) return
    this.#flushing = true
    try {
      for (let slot = this.#slots.peek(); slot?.settled; slot = this.#slots.peek()) {
        this.#slots.shift()
        for (const event of slot.events) this.#emit(event)
      }
    } finally {
      this.#flushing = false
    }
  }
}
