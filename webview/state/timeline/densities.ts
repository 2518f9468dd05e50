/**
 * The density of every lane, kept from frame to frame. Pixels are on a fixed grid of time, so that sums
 * stay valid while the view follows the current time: only new events are added.
 */
import type { ColumnStore } from '../events/column-store.ts'
import { Density, fillFromEvents, fillFromPyramid, type Span } from './density.ts'
import type { TimelineModel } from './model.ts'
import { FINEST } from './pyramid.ts'

/** CSS pixels that share a tick. The plot is a whole number of ticks wide. */
export const TICK = 2

/** `width` pixels (of `TICK` CSS pixels) from pixel `start` on, counted from the session's start. */
export interface Grid {
  /** Milliseconds per pixel. */
  readonly resolution: number
  readonly start: number
  readonly width: number
}

/** The grid of a span that is `width` pixels wide. It has one pixel more, because it starts at or before the span. */
export function gridOf(span: Span, width: number): Grid {
  // The length of a moving view changes in its last digits from frame to frame. The grid's must not.
  const resolution = Math.fround((span.to - span.from) / width)
  return { resolution, start: Math.floor(span.from / resolution), width: width + 1 }
}

/** CSS pixels from the left edge of a span to the first pixel of its grid: zero or negative. */
export function offsetOf({ resolution, start }: Grid, span: Span): number {
  return Math.round((start - span.from / resolution) * TICK)
}

function spanOf({ resolution, start, width }: Grid): Span {
  return { from: start * resolution, to: (start + width) * resolution }
}

export class Densities {
  #lanes = new Map<number, Density>()
  /** Number of events of each lane in the sums. */
  readonly #counts = new Map<number, number>()
  #model: TimelineModel | undefined
  #grid: Grid = { resolution: 0, start: 0, width: 0 }
  #first = 0
  /** Number after the last event in the sums. */
  #through = 0
  /** Whether no event was later than the grid, so that none is missing when the grid moves on. */
  #isAhead = false

  /** The densities on a grid, by connection. Valid until the next call. */
  update(
    grid: Grid,
    model: TimelineModel,
    columns: ColumnStore,
    connections: readonly number[],
  ): ReadonlyMap<number, Density> {
    const isSame = this.#prepare(grid, model, connections)
    if (grid.resolution >= FINEST) this.#fillCoarse(grid, model, isSame)
    else this.#fillFine(grid, model, columns, isSame)
    this.#grid = grid
    return this.#lanes
  }

  /** Whether the sums have this model, resolution and width. Else clears them. */
  #prepare(grid: Grid, model: TimelineModel, connections: readonly number[]): boolean {
    const isSame =
      this.#model === model &&
      this.#grid.resolution === grid.resolution &&
      this.#grid.width === grid.width &&
      connections.length === this.#lanes.size &&
      connections.every((connection) => this.#lanes.has(connection))
    if (isSame) return true
    this.#model = model
    this.#counts.clear()
    this.#lanes = new Map(connections.map((connection) => [connection, new Density(grid.width)]))
    return false
  }

  #fillCoarse(grid: Grid, model: TimelineModel, isSame: boolean): void {
    const stays = isSame && this.#grid.start === grid.start
    for (const [connection, density] of this.#lanes) {
      const lane = model.lanes.get(connection)
      if (lane === undefined || (stays && this.#counts.get(connection) === lane.count)) continue
      density.clear()
      fillFromPyramid(density, lane.traffic, spanOf(grid))
      this.#counts.set(connection, lane.count)
    }
  }

  #fillFine(grid: Grid, model: TimelineModel, columns: ColumnStore, isSame: boolean): void {
    const by = grid.start - this.#grid.start
    const canMove = isSame && columns.first === this.#first && (by === 0 || (by > 0 && this.#isAhead))
    for (const density of this.#lanes.values()) {
      if (!canMove || by >= grid.width) density.clear()
      else if (by > 0) density.shift(by)
    }
    fillFromEvents(this.#lanes, columns, spanOf(grid), canMove ? this.#through : undefined)
    this.#first = columns.first
    this.#through = columns.end
    this.#isAhead = model.end < spanOf(grid).to
  }
}
