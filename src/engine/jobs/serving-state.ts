/** The clients of a server and its troubles with them, sent a few times a second however many there are. */

import type { ClientEvent } from '../../session/serve/serve-options.ts'
import { forgetOldest } from '../../shared/maps.ts'
import {
  type ClientMessage,
  MAX_RECEIVED,
  MAX_TROUBLES,
  type ServedState,
} from '../../shared/protocol/served.ts'

/** Milliseconds between two notifications. */
const INTERVAL = 200

export class ServingState {
  readonly #notify: (state: ServedState) => void
  readonly #present = new Set<number>()
  /** How often each sentence occurred, the latest last. */
  readonly #troubles = new Map<string, number>()
  #troubleCount = 0
  readonly #received: ClientMessage[] = []
  #receivedCount = 0
  #ever = 0
  #timer: ReturnType<typeof setTimeout> | undefined
  #isDue = false

  constructor(notify: (state: ServedState) => void) {
    this.#notify = notify
  }

  /** Takes an event of a client. */
  add(event: ClientEvent): void {
    if (!this.#count(event)) return
    this.#isDue = true
    if (this.#timer === undefined) this.#send()
  }

  /** Sends no further notification. */
  close(): void {
    clearTimeout(this.#timer)
  }

  /** Returns whether anything changed. */
  #count(event: ClientEvent): boolean {
    switch (event.type) {
      case 'client':
        this.#present.add(event.client)
        this.#ever++
        return true
      case 'gone':
        return this.#present.delete(event.client)
      case 'received':
        this.#receive(event)
        if (event.matched === false) this.#trouble(notRecorded(event))
        return true
      default:
        this.#trouble(event.reason)
        return true
    }
  }

  #receive({ type: _, ...message }: Extract<ClientEvent, { type: 'received' }>): void {
    this.#receivedCount++
    this.#received.push(message)
    if (this.#received.length > MAX_RECEIVED) this.#received.shift()
  }

  #trouble(text: string): void {
    const count = (this.#troubles.get(text) ?? 0) + 1
    this.#troubles.delete(text)
    this.#troubles.set(text, count)
    this.#troubleCount++
    forgetOldest(this.#troubles, MAX_TROUBLES)
  }

  #send(): void {
    this.#isDue = false
    this.#notify({
      received: [...this.#received],
      receivedCount: this.#receivedCount,
      clients: this.#present.size,
      ever: this.#ever,
      troubles: [...this.#troubles].map(([text, count]) => ({ text, count })),
      troubleCount: this.#troubleCount,
    })
    this.#timer = setTimeout(() => {
      this.#timer = undefined
      if (this.#isDue) this.#send()
    }, INTERVAL)
  }
}

function notRecorded({ size, nearest }: Extract<ClientEvent, { type: 'received' }>): string {
  const what = `A client sent a message of ${size} bytes that is not in the recording`
  return nearest === undefined ? `${what}.` : `${what}; the nearest recorded request is ${nearest}.`
}
