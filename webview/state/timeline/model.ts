/** The timeline's data for each connection, updated as columns arrive. No DOM and no drawing. */
import { type ColumnBatch, typeOf, unpackKind } from '../../../src/shared/event-columns.ts'
import { type EventType, isPayloadType, type PayloadType } from '../../../src/shared/event-types.ts'
import { wayOf } from './density.ts'
import { EventTimes } from './event-times.ts'
import { CONTROL, IN, OUT, Pyramid, type Way } from './pyramid.ts'
import { Cycles, type Outcome, States } from './spans.ts'

export interface Note {
  readonly time: number
  readonly event: number
}

/** Notes kept at most. The oldest are dropped first; the list still has them. */
const MAX_NOTES = 10_000

export class Lane {
  readonly connection: number
  readonly traffic = new Pyramid()
  readonly states = new States()
  readonly cycles = new Cycles()
  /** Responses of a poll by outcome, for bars that are too narrow to draw: data as in, errors as out, empty as control. */
  readonly outcomes = new Pyramid()
  readonly errors = new EventTimes()
  /** Where events were lost or repeated. */
  readonly gaps = new EventTimes()
  /** Smallest and largest message payload in bytes, which set the scale of the ticks. */
  smallest = Number.POSITIVE_INFINITY
  largest = 0
  /** Messages and control frames so far. */
  count = 0

  constructor(connection: number) {
    this.connection = connection
  }
}

export class TimelineModel {
  readonly lanes = new Map<number, Lane>()
  /** Traffic of all connections, for the overview. */
  readonly total = new Pyramid()
  readonly notes: Note[] = []
  /** Lanes with waits or errors, which the overview shows. */
  readonly broken = new Set<Lane>()
  /** Time of the last event, ms. */
  end = 0

  readonly #without: ReadonlySet<number>

  /** Leaves out the events of some connections. */
  constructor(without: ReadonlySet<number> = new Set()) {
    this.#without = without
  }

  /** Adds a batch. `eventName` returns the session's event name with an index. */
  append(batch: ColumnBatch, eventName: (index: number) => string): void {
    const without = this.#without
    for (let i = 0; i < batch.count; i++) {
      if (without.size > 0 && without.has(batch.connection[i] ?? 0)) continue
      const time = batch.time[i] ?? 0
      const kind = batch.kind[i] ?? 0
      if (time > this.end) this.end = time
      const type = typeOf(kind)
      const size = batch.size[i] ?? 0
      if (type === 'mark') {
        this.#note({ time, event: batch.first + i })
        continue
      }
      const lane = this.#lane(batch.connection[i] ?? 0)
      if (type === 'reconnect' || type === 'error') this.broken.add(lane)
      if (isPayloadType(type)) this.#traffic(lane, time, wayOf(kind) ?? CONTROL, size, batch.first + i)
      else lifecycle(lane, type, time, batch.first + i, kind, eventName(batch.eventName[i] ?? 0))
    }
  }

  /** Drops the details of the events before a time. Their totals stay. */
  forget(before: number): void {
    this.total.forget(before)
    for (const { traffic, outcomes, cycles } of this.lanes.values()) {
      traffic.forget(before)
      outcomes.forget(before)
      cycles.forget(before)
    }
  }

  #note(note: Note): void {
    this.notes.push(note)
    if (this.notes.length > MAX_NOTES) this.notes.shift()
  }

  #lane(connection: number): Lane {
    let lane = this.lanes.get(connection)
    if (lane === undefined) {
      lane = new Lane(connection)
      this.lanes.set(connection, lane)
    }
    return lane
  }

  #traffic(lane: Lane, time: number, way: Way, size: number, event: number): void {
    lane.traffic.add(time, way, size)
    this.total.add(time, way, size)
    lane.count++
    if (size > lane.largest) lane.largest = size
    if (way !== CONTROL && size < lane.smallest) lane.smallest = size
    if (way === IN) lane.cycles.body(size, event)
  }
}

function lifecycle(
  lane: Lane,
  type: Exclude<EventType, PayloadType | 'mark'>,
  time: number,
  event: number,
  kind: number,
  eventName: string,
): void {
  switch (type) {
    case 'connect':
    case 'open':
    case 'reconnect':
      lane.states.enter(ENTERED[type], time, event)
      return
    case 'close':
      lane.cycles.fail(time, event)
      lane.states.enter('closed', time, event)
      return
    case 'error':
      lane.cycles.fail(time, event)
      lane.errors.push(time, event)
      // An error between two cycles of a poll does not end a state. `close` and `reconnect` do.
      if (lane.states.current === 'connecting') lane.states.enter('failed', time, event)
      return
    case 'gap':
      lane.states.lost(event)
      lane.gaps.push(time, event)
      return
    case 'pause':
      return
    case 'request':
      lane.cycles.request(time, event)
      return
    case 'response': {
      const outcome = lane.cycles.response(time, Number(eventName) || 0, unpackKind(kind).empty, event)
      if (outcome !== undefined) lane.outcomes.add(time, OUTCOME_WAYS[outcome], 1)
      return
    }
    default:
      void (type satisfies never)
  }
}

const ENTERED = { connect: 'connecting', open: 'open', reconnect: 'waiting' } as const
const OUTCOME_WAYS: Readonly<Record<Outcome, Way>> = { data: IN, error: OUT, empty: CONTROL, held: CONTROL }
