/** Aligns two lanes row by row. */
import type { Direction } from '../../shared/event.ts'
import { UNPAIRED } from './align.ts'
import { type LaneComparison, ROW_STATUSES, type RowStatus } from './comparison.ts'
import { IdCheck } from './id-check.ts'
import { pairLanes } from './pair-messages.ts'
import type { Lane } from './recording-index.ts'
import { ON_TIME, TimingJudge } from './timing.ts'

/** The rows of two lanes of the same direction. */
export function laneRows(
  direction: Direction | undefined,
  a: Lane,
  b: Lane,
  tolerance: number | undefined,
): LaneRows {
  const { aligned, moved, isPaired, isApproximate } = pairLanes(a, b)
  const rows = new LaneRows(direction, a, b, tolerance, isApproximate)
  let next = 0
  const extrasUpTo = (end: number) => {
    for (; next < end; next++) if (isPaired[next] === 0) rows.add(UNPAIRED, next, 'extra')
  }
  for (let x = 0; x < a.length; x++) {
    const partner = aligned[x] ?? UNPAIRED
    const elsewhere = moved[x] ?? UNPAIRED
    if (partner !== UNPAIRED) {
      extrasUpTo(partner)
      next = partner + 1
      rows.add(x, partner, a.exact[x] === b.exact[partner] ? 'same' : 'changed')
    } else if (elsewhere !== UNPAIRED) {
      // A heartbeat comes at any time.
      rows.add(x, elsewhere, a.heartbeat[x] === 1 ? 'same' : 'moved')
    } else rows.add(x, UNPAIRED, 'missing')
  }
  extrasUpTo(b.length)
  return rows
}

class LaneRows {
  readonly a: Lane
  readonly b: Lane
  /** The positions in the lanes, or `UNPAIRED`. */
  readonly x: Int32Array<ArrayBuffer>
  readonly y: Int32Array<ArrayBuffer>
  readonly #direction: Direction | undefined
  readonly #isApproximate: boolean
  readonly #judge: TimingJudge | undefined
  readonly #status: Uint8Array<ArrayBuffer>
  readonly #timing: Uint8Array<ArrayBuffer>
  readonly #lag: Float64Array<ArrayBuffer>
  readonly #idChanges = new Map<number, readonly number[]>()
  #count = 0

  constructor(
    direction: Direction | undefined,
    a: Lane,
    b: Lane,
    tolerance: number | undefined,
    isApproximate: boolean,
  ) {
    const capacity = a.length + b.length
    this.a = a
    this.b = b
    this.x = new Int32Array(capacity)
    this.y = new Int32Array(capacity)
    this.#direction = direction
    this.#isApproximate = isApproximate
    this.#judge = tolerance === undefined ? undefined : new TimingJudge(tolerance)
    this.#status = new Uint8Array(capacity)
    this.#timing = new Uint8Array(capacity)
    this.#lag = new Float64Array(capacity)
  }

  get length(): number {
    return this.#count
  }

  add(x: number, y: number, status: RowStatus): void {
    const row = this.#count++
    this.x[row] = x
    this.y[row] = y
    this.#status[row] = ROW_STATUSES.indexOf(status)
    const times = { before: sinceOpen(this.a, x), after: sinceOpen(this.b, y) }
    this.#lag[row] = times.after - times.before
    if (status === 'same' || status === 'changed') this.#timing[row] = this.#judge?.judge(times) ?? ON_TIME
  }

  /** Ids at these positions do not correspond. */
  idsDiffer(row: number, positions: readonly number[]): void {
    this.#idChanges.set(row, positions)
    if (this.#status[row] === SAME) this.#status[row] = CHANGED
  }

  finish(): LaneComparison {
    const [a, b] = [sideOf(this.a, this.x, this.#count), sideOf(this.b, this.y, this.#count)]
    return {
      direction: this.#direction,
      a: a.event,
      b: b.event,
      aPart: a.part,
      bPart: b.part,
      aOffset: a.offset,
      bOffset: b.offset,
      status: this.#status.slice(0, this.#count),
      timing: this.#timing.slice(0, this.#count),
      lag: this.#lag.slice(0, this.#count),
      idChanges: this.#idChanges,
      isApproximate: this.#isApproximate,
    }
  }
}

/** Where the messages at the positions are in their recording. */
function sideOf(lane: Lane, positions: Int32Array, count: number) {
  const event = new Int32Array(count).fill(UNPAIRED)
  const part = new Uint32Array(count)
  const offset = new Float64Array(count).fill(-1)
  for (let row = 0; row < count; row++) {
    const position = positions[row] ?? UNPAIRED
    if (position === UNPAIRED) continue
    event[row] = lane.event[position] ?? UNPAIRED
    part[row] = lane.part[position] ?? 0
    offset[row] = lane.offset[position] ?? -1
  }
  return { event, part, offset }
}

const SAME = ROW_STATUSES.indexOf('same')
const CHANGED = ROW_STATUSES.indexOf('changed')

function sinceOpen(lane: Lane, index: number): number {
  if (index === UNPAIRED) return Number.NaN
  return (lane.time[index] ?? Number.NaN) - (lane.opened[index] ?? Number.NaN)
}

/** Notes the rows of a connection whose ids do not correspond. */
export function checkIds(lanes: readonly LaneRows[]): void {
  if (lanes.every(({ a }) => a.ids.every((count) => count === 0))) return
  const check = new IdCheck()
  const pairs = lanes.flatMap((lane) =>
    Array.from({ length: lane.length }, (_, row) => ({ lane, row })).filter(
      ({ row }) => lane.x[row] !== UNPAIRED && lane.y[row] !== UNPAIRED,
    ),
  )
  for (const { lane, row } of pairs.sort((one, other) => placeOf(one) - placeOf(other))) {
    const [index, partner] = [lane.x[row] ?? 0, lane.y[row] ?? 0]
    const found = check.differences({ a: { lane: lane.a, index }, b: { lane: lane.b, index: partner } })
    if (found.length > 0) lane.idsDiffer(row, found)
  }
}

/** Messages are in the order of their events. */
function placeOf({ lane, row }: { readonly lane: LaneRows; readonly row: number }): number {
  return lane.a.event[lane.x[row] ?? 0] ?? 0
}
