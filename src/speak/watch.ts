/** Notices that a peer has been silent for too long. */
import type { SpeakerHost } from './spoken-protocol.ts'

/** Bounds what a peer can ask for, in milliseconds. */
const SHORTEST_INTERVAL = 100

export class Watch {
  readonly #host: SpeakerHost
  readonly #patience: number
  readonly #why: string
  #heard = performance.now()

  /** `patience` is in milliseconds, and `why` the sentence that says what was missed. */
  constructor(host: SpeakerHost, patience: number, why: string) {
    this.#host = host
    this.#patience = Math.max(patience, SHORTEST_INTERVAL)
    this.#why = why
    this.#wait(this.#patience)
  }

  /** The peer sent something. */
  alive(): void {
    this.#heard = performance.now()
  }

  #wait(ms: number): void {
    this.#host.after(ms, () => {
      if (this.#host.isPaused()) this.alive()
      const left = this.#heard + this.#patience - performance.now()
      if (left > 0) this.#wait(left)
      else this.#host.lost(this.#why)
    })
  }
}

/** Calls `beat` after each interval, in milliseconds; never if it is 0. */
export function every(host: SpeakerHost, interval: number, beat: () => void): void {
  if (interval === 0) return
  host.after(Math.max(interval, SHORTEST_INTERVAL), () => {
    every(host, interval, beat)
    beat()
  })
}
