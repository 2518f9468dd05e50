/** Plays a session with its timing, with one timer for the next event. */

import type { IndexedRecording } from '../../capture/recording.ts'
import { PlayTimes } from './play-times.ts'
import { REAL_TIMERS, type Timers } from './timers.ts'

/** Plays as fast as the host accepts events. */
export const MAX_SPEED = Number.POSITIVE_INFINITY

/** Milliseconds for which overdue events can hold the thread, and the number of events between checks of the clock. */
const SLICE = 8
const STEP = 64
/** Shortest duration of a pass of a loop, in milliseconds, so that a short loop does not occupy the thread. */
const SHORTEST_PASS = 10

export type PlayerState = 'paused' | 'playing' | 'ended'

export interface PlayerHost {
  /** Accepts an event. Returns false if the player must wait for `onWritable`. */
  emit(index: number): boolean
  /** Calls back once more events can be accepted. */
  onWritable(callback: () => void): void
  /**
   * The position has changed: the events before `index` are now the played ones. Called by a seek, and when a loop
   * starts over.
   */
  moved?(index: number): void
  /** The state or the speed has changed. */
  changed?(): void
}

export interface PlayerOptions {
  /** 1: as recorded. `MAX_SPEED`: without waiting. */
  readonly speed?: number
  readonly loop?: boolean
  readonly timers?: Timers
}

export class Player {
  loop: boolean
  readonly #source: Pick<IndexedRecording, 'firstKept' | 'count' | 'row'>
  readonly #times: PlayTimes
  readonly #host: PlayerHost
  readonly #timers: Timers
  #speed: number
  #state: PlayerState = 'paused'
  /** Number of the next event. */
  #index: number
  /** Session time `#anchor` was at clock time `#anchoredAt`. Times are relative to it, so that they do not drift. */
  #anchor: number
  #anchoredAt: number
  /** The largest session time that was played. */
  #played: number
  #stalled = false
  #passStarted = 0
  #cancel = () => {}

  /** Paused before the first event. */
  constructor(
    source: Pick<IndexedRecording, 'firstKept' | 'count' | 'row'>,
    host: PlayerHost,
    options: PlayerOptions = {},
  ) {
    this.#source = source
    this.#times = new PlayTimes(source)
    this.#host = host
    this.#timers = options.timers ?? REAL_TIMERS
    this.#speed = checkSpeed(options.speed ?? 1)
    this.loop = options.loop ?? false
    this.#index = source.firstKept
    this.#anchor = this.start
    this.#played = this.start
    this.#anchoredAt = this.#timers.now()
  }

  get state(): PlayerState {
    return this.#state
  }

  get speed(): number {
    return this.#speed
  }

  /** Number of the next event. */
  get index(): number {
    return this.#index
  }

  /** Session times at which the first and the last event are played, in ms. */
  get start(): number {
    return this.#isEmpty ? 0 : this.#source.row(this.#source.firstKept).time
  }

  get end(): number {
    return this.#times.end
  }

  /** The current session time, in ms. */
  get position(): number {
    if (this.#state !== 'playing' || this.#speed === MAX_SPEED) return this.#anchor
    const elapsed = (this.#timers.now() - this.#anchoredAt) * this.#speed
    return Math.min(this.#anchor + elapsed, Math.max(this.end, this.#anchor))
  }

  /** Continues at the current position, or at the start if playing has ended. */
  play(): void {
    if (this.#state === 'playing') return
    if (this.#state === 'ended') this.#rewind()
    this.#passStarted = this.#timers.now()
    this.#anchoredAt = this.#passStarted
    this.#setState('playing')
    this.#run()
  }

  pause(): void {
    if (this.#state !== 'playing') return
    this.#anchor = this.#reached()
    this.#cancel()
    this.#setState('paused')
  }

  /** Emits the next event and pauses. Returns false if there is none. */
  step(): boolean {
    this.pause()
    if (this.#isOver) return false
    this.#emitNext()
    if (this.#isOver) this.#setState('ended')
    return true
  }

  /** Moves to a session time. The next event is the first one at or after it. */
  seek(time: number): void {
    this.#anchor = Math.min(Math.max(time, this.start), this.end)
    this.#anchoredAt = this.#timers.now()
    this.#index = this.#times.find(this.#anchor)
    this.#played = this.#anchor
    this.#host.moved?.(this.#index)
    if (this.#state === 'ended') this.#setState('paused')
    if (this.#state === 'playing') this.#run()
  }

  /** Changes the speed. Throws a `RangeError` for an invalid speed. */
  setSpeed(speed: number): void {
    checkSpeed(speed)
    this.#anchor = this.#reached()
    this.#anchoredAt = this.#timers.now()
    this.#speed = speed
    this.#host.changed?.()
    if (this.#state === 'playing') this.#run()
  }

  /** Stops for good. */
  dispose(): void {
    this.#cancel()
    this.#state = 'ended'
  }

  get #isEmpty(): boolean {
    return this.#source.count <= this.#source.firstKept
  }

  get #isOver(): boolean {
    return this.#index >= this.#source.count
  }

  /** The current position, limited to the next event that is not emitted yet. */
  #reached(): number {
    return this.#isOver
      ? this.position
      : Math.min(this.position, Math.max(this.#source.row(this.#index).time, this.#played, this.#anchor))
  }

  #setState(state: PlayerState): void {
    if (state === this.#state) return
    this.#state = state
    this.#host.changed?.()
  }

  #rewind(): void {
    this.#index = this.#source.firstKept
    this.#anchor = this.start
    this.#played = this.start
    this.#host.moved?.(this.#index)
  }

  /** Emits the events that are due, and sets the timer for the next one. */
  #run(): void {
    this.#cancel()
    const until = this.#timers.now() + SLICE
    for (let emitted = 0; this.#state === 'playing' && !this.#stalled; emitted++) {
      if (this.#isOver) {
        this.#finish()
        return
      }
      const wait = this.#wait()
      const isSliceOver = emitted > 0 && emitted % STEP === 0 && this.#timers.now() >= until
      if (wait > 0 || isSliceOver) {
        this.#again(Math.max(wait, 0))
        return
      }
      if (!this.#emitNext()) this.#stall()
    }
  }

  /** Milliseconds until the next event is due. */
  #wait(): number {
    if (this.#speed === MAX_SPEED) return 0
    const due = this.#anchoredAt + (this.#source.row(this.#index).time - this.#anchor) / this.#speed
    return due - this.#timers.now()
  }

  #emitNext(): boolean {
    const index = this.#index
    this.#index++
    this.#played = Math.max(this.#played, this.#source.row(index).time)
    if (this.#state !== 'playing' || this.#speed === MAX_SPEED)
      this.#anchor = Math.max(this.#anchor, this.#played)
    return this.#host.emit(index)
  }

  #stall(): void {
    this.#stalled = true
    this.#host.onWritable(() => {
      this.#stalled = false
      if (this.#state === 'playing') this.#run()
    })
  }

  #finish(): void {
    if (!this.loop || this.#isEmpty) {
      this.#anchor = this.end
      this.#setState('ended')
      return
    }
    this.#again(Math.max(0, SHORTEST_PASS - (this.#timers.now() - this.#passStarted)), () => {
      this.#passStarted = this.#timers.now()
      this.#anchoredAt = this.#passStarted
      this.#rewind()
      this.#run()
    })
  }

  #again(delay: number, callback = () => this.#run()): void {
    this.#cancel = this.#timers.after(delay, callback)
  }
}

function checkSpeed(speed: number): number {
  if (!(speed > 0)) throw new RangeError(`A speed must be above 0, and ${speed} is not.`)
  return speed
}
