/**
 * Which rows the list shows while it follows fast traffic: the newest ones, but not before their previews have
 * arrived. Otherwise rows would flicker between blank and filled. A window is requested first, and shown once it is
 * complete, or after `LONGEST_WAIT`.
 */
import type { Rows } from '../state/events/rows.ts'
import type { RowWindow } from '../state/list-scroll.ts'

/** Milliseconds a window waits for its previews. */
export const LONGEST_WAIT = 40

/** Milliseconds that rows are shown at least if all of them change at once. That is too fast to read, so not every frame is worth painting. */
export const SHORTEST_STAY = 24

interface Target {
  readonly rows: Rows
  readonly window: RowWindow
  readonly isFollowing: boolean
  /** Milliseconds of a monotonic clock. */
  readonly now: number
}

export class SteadyWindow {
  #shown: { readonly rows: Rows; readonly window: RowWindow; readonly since: number } | undefined
  #isBehind = false
  #next: { readonly window: RowWindow; readonly since: number } | undefined

  /** The window to show next, whose previews are needed first. */
  get wanted(): RowWindow | undefined {
    return this.#next?.window ?? this.#shown?.window
  }

  /** Whether newer rows are waiting, so that another frame has to be painted. */
  get isWaiting(): boolean {
    return this.#isBehind
  }

  /** The window to show now. `has` returns whether the preview of an event has arrived. */
  advance(target: Target, has: (event: number) => boolean): RowWindow {
    const window = this.#choose(target, has)
    this.#isBehind = window.to !== target.window.to
    return window
  }

  #choose({ rows, window, isFollowing, now }: Target, has: (event: number) => boolean): RowWindow {
    const shown = this.#shown
    const canWait =
      isFollowing &&
      shown?.rows === rows &&
      shown.window.from >= rows.first &&
      shown.window.to - shown.window.from === window.to - window.from
    if (!canWait || shown.window.to === window.to) return this.#show(rows, window, now)
    if (this.#next === undefined && window.from >= shown.window.to && now - shown.since < SHORTEST_STAY)
      return shown.window
    this.#next ??= { window, since: now }
    const next = this.#next
    if (!isComplete(rows, next.window, has) && now - next.since < LONGEST_WAIT) return shown.window
    return this.#show(rows, next.window, now)
  }

  #show(rows: Rows, window: RowWindow, now: number): RowWindow {
    this.#shown = { rows, window, since: now }
    this.#next = undefined
    return window
  }
}

function isComplete(rows: Rows, { from, to }: RowWindow, has: (event: number) => boolean): boolean {
  for (let rank = from; rank < to; rank++) if (!has(rows.eventAt(rank))) return false
  return true
}
