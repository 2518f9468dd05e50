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
  /** Lanes that were not there in the last call. */
  #added: Map<number, Density> = new Map()
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

  /**
   * Whether the sums have this model, resolution and width. Keeps those of lanes that are still in view. The others are empty, and
   * use the memory of those that are not: while lanes are scrolled and the view is zoomed, nothing is allocated.
   */
  #prepare(grid: Grid, model: TimelineModel, connections: readonly number[]): boolean {
    const isSame =
      this.#model === model && this.#grid.resolution === grid.resolution && this.#grid.width === grid.width
    this.#model = model
    this.#added = new Map()
    if (
      isSame &&
      connections.length === this.#lanes.size &&
      connections.every((connection) => this.#lanes.has(connection))
    )
      return true
    const before = this.#lanes
    const lanes = new Map<number, Density>()
    for (const connection of connections) {
      const density = isSame ? before.get(connection) : undefined
      if (density === undefined) continue
      lanes.set(connection, density)
      before.delete(connection)
    }
    const spare = this.#grid.width === grid.width ? [...before.values()] : []
    for (const connection of connections) {
      if (lanes.has(connection)) continue
      const density = spare.pop() ?? new Density(grid.width)
      density.clear()
      lanes.set(connection, density)
      this.#added.set(connection, density)
      this.#counts.delete(connection)
    }
    for (const connection of before.keys()) this.#counts.delete(connection)
    this.#lanes = lanes
    return isSame
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
    const through = canMove ? this.#through : undefined
    for (const density of this.#lanes.values()) {
      if (!canMove || by >= grid.width) density.clear()
      else if (by > 0) density.shift(by)
    }
    // The new lanes lack the events that the others have.
    if (through !== undefined && this.#added.size > 0)
      fillFromEvents(this.#added, columns, spanOf(grid), undefined, through)
    fillFromEvents(this.#lanes, columns, spanOf(grid), through)
    this.#first = columns.first
    this.#through = columns.end
    this.#isAhead = model.end < spanOf(grid).to
  }
}
