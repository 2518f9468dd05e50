/**
 * Emits events in the order of their times although some are complete only later: a received message gets its time on
 * arrival and is inflated afterwards, and a sent message gets its time at the call and is deflated afterwards.
 */
import type { TransportEvent } from '../../shared/event.ts'
import { Fifo } from '../fifo.ts'

/** A place in the order of events. Later events wait until it is done. */
export interface Place {
  add(event: TransportEvent): void
  /** No more events are added here. */
  done(): void
}

class Slot implements Place {
  readonly events: TransportEvent[] = []
  isDone = false
  readonly #onDone: () => void

  constructor(onDone: () => void) {
    this.#onDone = onDone
  }

  add(event: TransportEvent): void {
    this.events.push(event)
  }

  done(): void {
    this.isDone = true
    this.#onDone()
  }
}

export class Sequencer {
  readonly #emit: (event: TransportEvent) => void
  /** Made when the first place is reserved. A connection that only receives small messages needs none. */
  #slots: Fifo<Slot> | undefined
  #flushing = false

  constructor(emit: (event: TransportEvent) => void) {
    this.#emit = emit
  }

  /** No event waits, so an event that is emitted now is in order. */
  get idle(): boolean {
    return this.#slots === undefined || this.#slots.length === 0
  }

  /** Reserves the next place. */
  reserve(): Place {
    const slot = new Slot(() => this.#flush())
    this.#slots ??= new Fifo()
    this.#slots.push(slot)
    return slot
  }

  /** Emits the event as soon as all places reserved before it are done. */
  add(event: TransportEvent): void {
    if (this.idle && !this.#flushing) {
      this.#flushing = true
      try {
        this.#emit(event)
      } finally {
        this.#flushing = false
      }
      this.#flush()
      return
    }
    const place = this.reserve()
    place.add(event)
    place.done()
  }

  #flush(): void {
    // The sink may add an event in response to one; it must not overtake those that are being emitted.
    if (this.#flushing) return
    this.#flushing = true
    try {
      for (let slot = this.#slots?.peek(); slot?.isDone; slot = this.#slots?.peek()) {
        this.#slots?.shift()
        for (const event of slot.events) this.#emit(event)
      }
    } finally {
      this.#flushing = false
    }
  }
}
