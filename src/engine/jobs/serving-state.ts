/** What a server has to do with its clients, told a few times a second however many there are. */
import type { ClientEvent } from '../../session/serve/serve-options.ts'
import { MAX_TROUBLES, type ServedState } from '../../shared/protocol/served.ts'

/** Milliseconds between two tellings. */
const INTERVAL = 200

export class ServingState {
  readonly #tell: (state: ServedState) => void
  readonly #present = new Set<number>()
  /** How often each sentence was said, the latest last. */
  readonly #troubles = new Map<string, number>()
  #troubleCount = 0
  #ever = 0
  #timer: ReturnType<typeof setTimeout> | undefined
  #isDue = false

  constructor(tell: (state: ServedState) => void) {
    this.#tell = tell
  }

  heard(event: ClientEvent): void {
    if (!this.#took(event)) return
    this.#isDue = true
    if (this.#timer === undefined) this.#say()
  }

  /** Says nothing more. */
  close(): void {
    clearTimeout(this.#timer)
  }

  /** Whether it changed anything. */
  #took(event: ClientEvent): boolean {
    switch (event.type) {
      case 'client':
        this.#present.add(event.client)
        this.#ever++
        return true
      case 'gone':
        return this.#present.delete(event.client)
      case 'received':
        if (event.matched !== false) return false
        this.#trouble(`A client sent a message of ${event.size} bytes that equals no recorded one.`)
        return true
      default:
        this.#trouble(event.reason)
        return true
    }
  }

  #trouble(text: string): void {
    const count = (this.#troubles.get(text) ?? 0) + 1
    this.#troubles.delete(text)
    this.#troubles.set(text, count)
    this.#troubleCount++
    const [oldest] = this.#troubles.keys()
    if (this.#troubles.size > MAX_TROUBLES && oldest !== undefined) this.#troubles.delete(oldest)
  }

  #say(): void {
    this.#isDue = false
    this.#tell({
      clients: this.#present.size,
      ever: this.#ever,
      troubles: [...this.#troubles].map(([text, count]) => ({ text, count })),
      troubleCount: this.#troubleCount,
    })
    this.#timer = setTimeout(() => {
      this.#timer = undefined
      if (this.#isDue) this.#say()
    }, INTERVAL)
  }
}
