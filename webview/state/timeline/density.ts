/** Traffic summed up for each pixel of a lane, from the pyramid or, if zoomed in, from the events themselves. */
import { KIND_COUNT, unpackKind } from '../../../src/shared/event-columns.ts'
import { isPayloadType } from '../../../src/shared/event-types.ts'
import type { ColumnStore, SliceVisitor } from '../events/column-store.ts'
import { Buckets, CONTROL, IN, OUT, type Pyramid, type Way } from './pyramid.ts'

export interface Span {
  readonly from: number
  readonly to: number
}

/** A bucket for each pixel. */
export class Density extends Buckets {
  /** Empties it. */
  clear(): void {
    for (const column of [...this.counts, ...this.largest, this.received]) column.fill(0)
  }

  /** Moves everything `by` pixels to the left. The pixels on the right are then empty. */
  shift(by: number): void {
    for (const column of [...this.counts, ...this.largest, this.received]) {
      column.copyWithin(0, by)
      column.fill(0, Math.max(0, this.width - by))
    }
  }
}

let spare = new Density(1)

/** An empty density for one painting. Always the same object, so that frames leave no garbage. */
export function scratchDensity(width: number): Density {
  if (spare.width === width) spare.clear()
  else spare = new Density(width)
  return spare
}

/** Each value as a weighted mean of those up to `reach` before and after it. Closer values count more. */
export function smooth(values: Float64Array, reach: number): Float64Array {
  return mean(mean(values, Math.ceil(reach / 2)), Math.floor(reach / 2))
}

function mean(values: Float64Array, reach: number): Float64Array {
  const means = new Float64Array(values.length)
  let sum = 0
  for (let i = -reach; i < values.length; i++) {
    sum += values[i + reach] ?? 0
    sum -= values[i - reach - 1] ?? 0
    // Sums of floats leave rounding errors; whole bytes do not.
    if (i >= 0) means[i] = Math.max(0, sum) / (2 * reach + 1)
  }
  return means.map((value) => (value < 1e-9 ? 0 : value))
}

/**
 * Fills from the pyramid. Returns false if the span is too short for it, unless `coarsest` milliseconds are fine enough.
 * A bucket counts at its start.
 */
export function fillFromPyramid(density: Density, pyramid: Pyramid, span: Span, coarsest = 0): boolean {
  const resolution = (span.to - span.from) / density.width
  return pyramid.visit(
    span.from,
    span.to,
    Math.max(resolution, coarsest),
    (start, _end, way, count, largest, received) => {
      const pixel = Math.max(0, Math.floor((start - span.from) / resolution))
      density.add(pixel, way, count, largest, received)
    },
  )
}

/** Fills the density of every connection from the events in the span, starting at event `since` and before event `until` if they are given. */
export function fillFromEvents(
  densities: ReadonlyMap<number, Density>,
  columns: ColumnStore,
  span: Span,
  since?: number,
  until = Number.POSITIVE_INFINITY,
): void {
  const fill: SliceVisitor = (segment, start, end, base) => {
    const last = Math.min(end, until - base)
    for (let i = start; i < last; i++) {
      const time = segment.time[i] ?? 0
      if (time < span.from || time >= span.to) continue
      const density = densities.get(segment.connection[i] ?? 0)
      const way = WAYS[segment.kind[i] ?? 0]
      if (density === undefined || way === undefined) continue
      const size = segment.size[i] ?? 0
      const pixel = Math.floor(((time - span.from) / (span.to - span.from)) * density.width)
      density.add(pixel, way, 1, size, way === IN ? size : 0)
    }
  }
  columns.forEachSliceBetween(span, fill, since)
}

/** The direction of every packed kind. */
const WAYS: readonly (Way | undefined)[] = Array.from({ length: KIND_COUNT }, (_, kind) => readWay(kind))

/** The direction of a packed kind. What is sent automatically counts as a control frame. Undefined for lifecycle events. */
export function wayOf(kind: number): Way | undefined {
  return WAYS[kind]
}

function readWay(kind: number): Way | undefined {
  const { type, direction, automatic } = unpackKind(kind)
  if (type === 'message' && !automatic) return direction === 'out' ? OUT : IN
  return isPayloadType(type) ? CONTROL : undefined
}
