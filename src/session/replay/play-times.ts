/** When the events of a session are played. */
import type { IndexedRecording } from '../../capture/recording.ts'
import { lowerBound } from '../../shared/numbers.ts'

/** Events in a block. */
const BLOCK = 1024

/**
 * Events are played in the order of the session, each at its time. One that was recorded late, such as that of a poll, has an
 * earlier time than events before it: it is played with the last of these. So an event is played at the largest time up to it.
 */
export class PlayTimes {
  readonly #source: Pick<IndexedRecording, 'firstKept' | 'count' | 'row'>
  readonly #first: number
  /** The largest time before each block, from the first event on. */
  readonly #before: number[] = []
  /** Number of the event up to which times were read, and the largest of them. */
  #read: number
  #latest = Number.NEGATIVE_INFINITY

  constructor(source: Pick<IndexedRecording, 'firstKept' | 'count' | 'row'>) {
    this.#source = source
    this.#first = source.firstKept
    this.#read = this.#first
  }

  /** The session time at which the last event is played, in ms; 0 without events. */
  get end(): number {
    this.#readOn()
    return Number.isFinite(this.#latest) ? this.#latest : 0
  }

  /** The first event that is played at or after a session time. */
  find(time: number): number {
    this.#readOn()
    const { firstKept, count } = this.#source
    const block = Math.max(0, lowerBound(0, this.#before.length, (at) => (this.#before[at] ?? 0) >= time) - 1)
    let index = Math.max(this.#first + block * BLOCK, firstKept)
    while (index < count && this.#source.row(index).time < time) index++
    return index
  }

  #readOn(): void {
    const { count } = this.#source
    for (let index = Math.max(this.#read, this.#source.firstKept); index < count; index++) {
      while (this.#before.length * BLOCK <= index - this.#first) this.#before.push(this.#latest)
      this.#latest = Math.max(this.#latest, this.#source.row(index).time)
    }
    this.#read = count
  }
}
