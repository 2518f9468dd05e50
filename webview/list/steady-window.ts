/**
 * Which rows are shown while the list follows a flood: the newest ones, but not before their previews are
 * there, or rows would flicker between blank and filled. A window is asked for first and shown once it is
 * complete, or after `LONGEST_WAIT`.
 */
import type { Rows } from '../state/events/rows.ts'
import type { RowWindow } from '../state/list-scroll.ts'

/** Milliseconds a window waits for its previews. */
export const LONGEST_WAIT = 40

/** Milliseconds rows are shown at least where all of them go at once: too fast to read, so not worth every frame. */
export const SHORTEST_STAY = 24

interface Target {
  readonly rows: Rows
  readonly window: RowWindow
  readonly isFollowing: boolean
  /** Milliseconds on any steady clock. */
  readonly now: number
}

export class SteadyWindow {
  #shown: { readonly rows: Rows; readonly window: RowWindow; readonly since: number } | undefined
  #isBehind = false
  #next: { readonly window: RowWindow; readonly since: number } | undefined

  /** The window whose previews are needed first: the one to show next. */
  get wanted(): RowWindow | undefined {
    return this.#next?.window ?? this.#shown?.window
  }

  /** Whether what is shown is not the newest: another frame has to come. */
  get isWaiting(): boolean {
    return this.#isBehind
  }

  /** The window to show now. `has` tells whether the preview of an event is there. */
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
