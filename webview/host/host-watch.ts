/** Checks whether the host still answers: a page outlives an extension host that has ended or hangs. */
import { effect, signal } from '@preact/signals'

/** Milliseconds without a message from the host after which the page asks for one. */
const QUIET = 3000
/** Milliseconds that the host has for an answer, and that an answer in the queue may wait to be read. */
const PATIENCE = 5000
const GRACE = 500

export interface WatchOptions {
  /** Whether the page is visible. A hidden page does not ask. */
  readonly isVisible: { readonly value: boolean }
  /** Asks the host for an answer. Rejects if there is none after `timeout` milliseconds. */
  readonly ask: (timeout: number) => Promise<unknown>
}

export class HostWatch {
  /** `performance.now()` at the last message of the host. Undefined while it answers. */
  readonly silentSince = signal<number | undefined>(undefined)
  #heard = performance.now()
  #isAsking = false

  /** Called on every message of the host. */
  hear(): void {
    this.#heard = performance.now()
    this.silentSince.value = undefined
  }

  /** Checks from now on, as long as the page exists. */
  start({ isVisible, ask }: WatchOptions): void {
    effect(() => {
      if (!isVisible.value) return
      const timer = setInterval(() => this.#look(ask), QUIET)
      return () => clearInterval(timer)
    })
  }

  async #look(ask: WatchOptions['ask']): Promise<void> {
    if (this.#isAsking || performance.now() - this.#heard < QUIET) return
    this.#isAsking = true
    const heard = this.#heard
    // The answer does not matter: `hear` was called when it arrived.
    await ask(PATIENCE).catch(() => new Promise((resolve) => setTimeout(resolve, GRACE)))
    this.#isAsking = false
    if (this.#heard === heard) this.silentSince.value ??= heard
  }
}
