/** Watches whether the editor's side still answers: a page outlives an extension host that has ended or hangs. */
import { effect, signal } from '@preact/signals'

/** Milliseconds without a word from the host after which it is asked for one. */
const QUIET = 3000
/** Milliseconds that it may take to answer, and that an answer that is already here may take to be read. */
const PATIENCE = 5000
const GRACE = 500

export interface WatchOptions {
  /** Whether the page is seen; nothing is asked while it is not. */
  readonly isVisible: { readonly value: boolean }
  /** Asks the host for an answer; rejects if there is none after `timeout` ms. */
  readonly ask: (timeout: number) => Promise<unknown>
}

export class HostWatch {
  /** `performance.now()` when the host was last heard; undefined while it answers. */
  readonly silentSince = signal<number | undefined>(undefined)
  #heard = performance.now()
  #isAsking = false

  /** The host said something. */
  hear(): void {
    this.#heard = performance.now()
    this.silentSince.value = undefined
  }

  /** Begins to watch, for as long as the page lives. */
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
    // Whatever the answer is, it was heard when it came.
    await ask(PATIENCE).catch(() => new Promise((resolve) => setTimeout(resolve, GRACE)))
    this.#isAsking = false
    if (this.#heard === heard) this.silentSince.value ??= heard
  }
}
