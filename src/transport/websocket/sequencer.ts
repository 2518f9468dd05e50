/**
 * Puts events in the order of their stamps where some are complete only later: a received message is
 * stamped on arrival and inflated after, a sent one is stamped at the call and deflated after.
 */
import type { TransportEvent } from '../../shared/event.ts'
import { Fifo } from './fifo.ts'

interface Slot {
  event: TransportEvent | undefined
  settled: boolean
}

/** A place in the order of events, to be filled or given up. */
export interface Place {
  fill(event: TransportEvent): void
  giveUp(): void
}

export class Sequencer {
  readonly #emit: (event: TransportEvent) => void
  readonly #slots = new Fifo<Slot>()
  #flushing = false

  constructor(emit: (event: TransportEvent) => void) {
    this.#emit = emit
  }

  /** Takes the next place; events behind it wait until it is filled or given up. */
  reserve(): Place {
    const slot: Slot = { event: undefined, settled: false }
    this.#slots.push(slot)
    return {
      fill: (event) => this.#settle(slot, event),
      giveUp: () => this.#settle(slot, undefined),
    }
  }

  /** Emits the event once all that was reserved before has settled. */
  add(event: TransportEvent): void {
    this.#slots.push({ event, settled: true })
    this.#flush()
  }

  #settle(slot: Slot, event: TransportEvent | undefined): void {
    slot.event = event
    slot.settled = true
    this.#flush()
  }

  #flush(): void {
    // What an event sets off may add the next one; it must not overtake.
    if (this.#flushing) return
    this.#flushing = true
    try {
      while (this.#slots.peek()?.settled) {
        const event = this.#slots.shift()?.event
        if (event !== undefined) this.#emit(event)
      }
    } finally {
      this.#flushing = false
    }
  }
}
