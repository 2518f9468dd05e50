/** Measures what passes over a stream by the frames that carry it: when bytes arrived, and how many they are on the connection. */
import { Fifo } from '../fifo.ts'
import type { StreamLog } from './stream-log.ts'

/** Turns of the event loop that what is being sent gets if something waits for it. Encryption takes a few. */
const MAX_TURNS = 16

type Sized = (wireSize: number | undefined) => void

export class StreamMeter {
  readonly #log: StreamLog
  /** Up to where content had arrived at which time, of what was not read yet. */
  readonly #arrivals = new Fifo<{ readonly end: number; readonly time: number }>()
  #arrived = 0
  /** Offsets in the content: up to where it was read, and up to where its size was asked for. */
  #read = 0
  #measured = 0
  /** What is being sent, in order. */
  readonly #sending = new Fifo<{ readonly start: number; readonly end: number; readonly sized: Sized }>()
  #written = 0
  #isHurried = false

  constructor(log: StreamLog) {
    this.#log = log
    log.watchSent(() => this.#onSent())
  }

  /** The next `size` bytes have arrived. */
  arrived(size: number, time: number): void {
    this.#arrived += size
    this.#arrivals.push({ end: this.#arrived, time })
  }

  /** When the next `size` bytes had arrived, which are read now. */
  arrivalOf(size: number): number {
    this.#read += size
    while ((this.#arrivals.peek()?.end ?? Number.POSITIVE_INFINITY) < this.#read) this.#arrivals.shift()
    return this.#arrivals.peek()?.time ?? 0
  }

  /**
   * The size on the connection of the next `size` bytes of what was read. The header of a DATA frame and its padding count with the
   * first byte of its content.
   */
  received(size: number): number {
    const start = this.#measured
    this.#measured += size
    // The peer sent more frames than are remembered, while reading was paused.
    return this.#log.wireSpan(start, this.#measured) ?? size
  }

  /** Calls `sized` with the size on the connection of the next `size` bytes that are written, as soon as they are sent. */
  send(size: number, sized: Sized): void {
    const start = this.#written
    this.#written += size
    this.#sending.push({ start, end: this.#written, sized })
  }

  /** Something waits for what is being sent. If that is not sent soon, because the peer does not take it, its size stays unknown. */
  hurry(): void {
    if (this.#isHurried || this.#sending.length === 0) return
    this.#isHurried = true
    const end = this.#written
    let turns = MAX_TURNS
    const turn = () => {
      const first = this.#sending.peek()
      if (first !== undefined && first.start < end && turns-- > 0) setImmediate(turn)
      else {
        this.#isHurried = false
        this.#giveUp(end)
      }
    }
    setImmediate(turn)
  }

  /** The stream has ended: the sizes of what was not sent stay unknown. */
  end(): void {
    this.#giveUp(this.#written)
  }

  #onSent(): void {
    for (let next = this.#sending.peek(); next !== undefined; next = this.#sending.peek()) {
      if (next.end > this.#log.sentLength) return
      this.#sending.shift()
      next.sized(this.#log.sentSpan(next.start, next.end))
    }
  }

  #giveUp(end: number): void {
    for (
      let next = this.#sending.peek();
      next !== undefined && next.end <= end;
      next = this.#sending.peek()
    ) {
      this.#sending.shift()
      next.sized(undefined)
    }
  }
}
