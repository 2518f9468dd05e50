/** Runs long work in slices, between other work of the thread. */

/** Milliseconds that a slice may block the thread, and until the next one. */
const USUAL = { length: 4, pause: 0 }
/** If more than `rate` events come in a millisecond, storing them comes first. */
const FLOOD = { rate: 10, length: 4, pause: 100 }
const TORRENT = { rate: 100, length: 2, pause: 400 }

export class Slices {
  readonly #work: (until: number) => boolean
  readonly #count: () => number
  /** Number of events at the end of the last slice, and when that was. */
  #counted = 0
  #ended = 0
  #length = USUAL.length
  #cancel: (() => void) | undefined

  /** `work` runs until a time of `performance.now()` and returns whether there is more to do. `count` counts events. */
  constructor(work: (until: number) => boolean, count: () => number) {
    this.#work = work
    this.#count = count
  }

  /** Schedules a slice, unless one is already scheduled. */
  start(): void {
    this.#schedule(0)
  }

  stop(): void {
    this.#cancel?.()
    this.#cancel = undefined
    this.#counted = 0
  }

  #schedule(pause: number): void {
    if (this.#cancel !== undefined) return
    if (pause > 0) {
      const timer = setTimeout(this.#run, pause)
      this.#cancel = () => clearTimeout(timer)
    } else {
      const timer = setImmediate(this.#run)
      this.#cancel = () => clearImmediate(timer)
    }
  }

  /** Not a method: a function that is made in `#schedule` would take memory each time that a slice is already scheduled. */
  readonly #run = (): void => {
    this.#cancel = undefined
    const goesOn = this.#work(performance.now() + this.#length)
    const count = this.#count()
    const now = performance.now()
    // A rate, because slices that alternate with batches of messages see only a few messages each.
    const rate = this.#counted === 0 ? 0 : (count - this.#counted) / Math.max(now - this.#ended, 1)
    this.#counted = count
    this.#ended = now
    const { length, pause } = paceAt(rate)
    this.#length = length
    if (goesOn) this.#schedule(pause)
  }
}

function paceAt(rate: number): typeof USUAL {
  return [TORRENT, FLOOD].find((each) => rate > each.rate) ?? USUAL
}
