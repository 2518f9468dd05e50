/** Traffic summed up for each pixel of a lane, from the pyramid or, zoomed in, from the events themselves. */
import { typeOf, unpackKind } from '../../src/shared/columns.ts'
import type { ColumnStore } from '../store/columns.ts'
import { CONTROL, IN, OUT, type Pyramid, type Way } from './pyramid.ts'
import { lowerBound } from './search.ts'

/** How far events may stand out of order: a compressed message is appended once it is inflated. */
const DISORDER = 256

export interface Span {
  readonly from: number
  readonly to: number
}

/** For each of `width` pixels and each way: how many events, the largest payload; and bytes received. */
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

  add(pixel: number, way: Way, count: number, largest: number, received: number): void {
    if (pixel < 0 || pixel >= this.width) return
    const counts = this.counts[way]
    const sizes = this.largest[way]
    counts[pixel] = (counts[pixel] ?? 0) + count
    if (largest > (sizes[pixel] ?? 0)) sizes[pixel] = largest
    this.received[pixel] = (this.received[pixel] ?? 0) + received
  }
}

/** Fills from the pyramid; false where the span is too short for it. A bucket counts where it begins. */
export function fillFromPyramid(density: Density, pyramid: Pyramid, span: Span): boolean {
  const resolution = (span.to - span.from) / density.width
  return pyramid.visit(span.from, span.to, resolution, (start, _end, way, count, largest, received) => {
    const pixel = Math.max(0, Math.floor((start - span.from) / resolution))
    density.add(pixel, way, count, largest, received)
  })
}

/** Fills the density of every connection from the events in the span. */
export function fillFromEvents(
  densities: ReadonlyMap<number, Density>,
  columns: ColumnStore,
  span: Span,
): void {
  const first = firstAt(columns, span.from)
  const last = firstAt(columns, span.to) + DISORDER
  columns.forEachSlice(Math.max(columns.first, first - DISORDER), last, (segment, start, end) => {
    for (let i = start; i < end; i++) {
      const time = segment.time[i] ?? 0
      if (time < span.from || time >= span.to) continue
      const density = densities.get(segment.connection[i] ?? 0)
      const way = wayOf(segment.kind[i] ?? 0)
      if (density === undefined || way === undefined) continue
      const size = segment.size[i] ?? 0
      const pixel = Math.floor(((time - span.from) / (span.to - span.from)) * density.width)
      density.add(pixel, way, 1, size, way === IN ? size : 0)
    }
  })
}

/** The event of a connection nearest to `time`, at most `tolerance` ms away; -1 where there is none. Of equals, the largest. */
export function nearestEvent(
  columns: ColumnStore,
  connection: number,
  time: number,
  tolerance: number,
): number {
  let best = -1
  let bestDistance = tolerance
  let bestSize = -1
  const first = Math.max(columns.first, firstAt(columns, time - tolerance) - DISORDER)
  columns.forEachSlice(first, firstAt(columns, time + tolerance) + DISORDER, (segment, start, end, base) => {
    for (let i = start; i < end; i++) {
      if (segment.connection[i] !== connection) continue
      const distance = Math.abs((segment.time[i] ?? 0) - time)
      const size = segment.size[i] ?? 0
      if (distance > bestDistance || (distance === bestDistance && size <= bestSize)) continue
      best = base + i
      bestDistance = distance
      bestSize = size
    }
  })
  return best
}

/** Number of the first event at or after `time`, as far as events are in order. */
export function firstAt(columns: ColumnStore, time: number): number {
  const { first, end } = columns
  return first + lowerBound(end - first, (position) => timeAt(columns, first + position) >= time)
}

function timeAt(columns: ColumnStore, index: number): number {
  const at = columns.at(index)
  return at?.segment.time[at.offset] ?? 0
}

function wayOf(kind: number): Way | undefined {
  const type = typeOf(kind)
  if (type === 'message') return unpackKind(kind).direction === 'out' ? OUT : IN
  return type === 'ping' || type === 'pong' || type === 'comment' ? CONTROL : undefined
}
