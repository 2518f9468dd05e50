/** Traffic summed up for each pixel of a lane, from the pyramid or, if zoomed in, from the events themselves. */
import { typeOf, unpackKind } from '../../../src/shared/columns.ts'
import { isPayloadType } from '../../../src/shared/event-types.ts'
import { lowerBound } from '../../../src/shared/numbers.ts'
import type { ColumnStore, SliceVisitor } from '../events/column-store.ts'
import { CONTROL, IN, OUT, type Pyramid, type Way } from './pyramid.ts'

/** How far events may be out of order: a compressed message is appended after it is inflated. */
const DISORDER = 256

export interface Span {
  readonly from: number
  readonly to: number
}

/** For each of `width` pixels: bytes received and, for each direction, the number of events and the largest payload. */
export class Density {
  readonly width: number
  readonly counts: readonly [Uint32Array, Uint32Array, Uint32Array]
  readonly largest: readonly [Uint32Array, Uint32Array, Uint32Array]
  readonly received: Float64Array

  constructor(width: number) {
    this.width = width
    const three = () => [new Uint32Array(width), new Uint32Array(width), new Uint32Array(width)] as const
    this.counts = three()
    this.largest = three()
    this.received = new Float64Array(width)
  }

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

  add(pixel: number, way: Way, count: number, largest: number, received: number): void {
    if (pixel < 0 || pixel >= this.width) return
    const counts = this.counts[way]
    const sizes = this.largest[way]
    counts[pixel] = (counts[pixel] ?? 0) + count
    if (largest > (sizes[pixel] ?? 0)) sizes[pixel] = largest
    this.received[pixel] = (this.received[pixel] ?? 0) + received
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

/** Fills the density of every connection from the events in the span, starting at event `since` if it is given. */
export function fillFromEvents(
  densities: ReadonlyMap<number, Density>,
  columns: ColumnStore,
  span: Span,
  since = Math.max(columns.first, firstAt(columns, span.from) - DISORDER),
): void {
  const last = firstAt(columns, span.to) + DISORDER
  columns.forEachSlice(since, last, (segment, start, end) => {
    for (let i = start; i < end; i++) {
      const time = segment.time[i] ?? 0
      if (time < span.from || time >= span.to) continue
      const density = densities.get(segment.connection[i] ?? 0)
      const way = WAYS[segment.kind[i] ?? 0]
      if (density === undefined || way === undefined) continue
      const size = segment.size[i] ?? 0
      const pixel = Math.floor(((time - span.from) / (span.to - span.from)) * density.width)
      density.add(pixel, way, 1, size, way === IN ? size : 0)
    }
  })
}

/** Visits the events that may be in a span, also those out of order. */
export function forEachBetween(columns: ColumnStore, { from, to }: Span, visit: SliceVisitor): void {
  const first = Math.max(columns.first, firstAt(columns, from) - DISORDER)
  columns.forEachSlice(first, firstAt(columns, to) + DISORDER, visit)
}

/** Number of the first event at or after `time`, if events are in order. */
function firstAt(columns: ColumnStore, time: number): number {
  const { first, end } = columns
  return lowerBound(first, end, (index) => timeAt(columns, index) >= time)
}

function timeAt(columns: ColumnStore, index: number): number {
  const at = columns.at(index)
  return at?.segment.time[at.offset] ?? 0
}

/** The direction of every packed kind. */
const WAYS: readonly (Way | undefined)[] = Array.from({ length: 256 }, (_, kind) => readWay(kind))

/** The direction of a packed kind. Undefined for lifecycle events. */
export function wayOf(kind: number): Way | undefined {
  return WAYS[kind]
}

function readWay(kind: number): Way | undefined {
  const type = typeOf(kind)
  if (type === 'message') return unpackKind(kind).direction === 'out' ? OUT : IN
  return isPayloadType(type) ? CONTROL : undefined
}
