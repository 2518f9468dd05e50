/** Measures how long the messages of a session took to arrive, whenever somebody asks. */
import type { Log } from '../capture/recording.ts'
import { DeliveryLatency } from '../diagnose/figures/latency.ts'
import { isOut, typeOf } from '../shared/event-columns.ts'
import { getOrMake } from '../shared/maps.ts'
import type { LaneLatency, LatencyList, LatencyMethods } from '../shared/protocol/latency.ts'
import type { ConnectionStarts } from './connection-starts.ts'

/** Milliseconds that a call may read, and events between two checks of the clock. */
const MAX_TIME = 30
const STEP = 64
/** Messages that a call reads of those that are new. Of more, it reads a part, evenly spread. */
const MAX_MESSAGES = 16_384

export class LatencyReader {
  readonly #log: Log
  readonly #starts: ConnectionStarts
  #connections = new Map<number, DeliveryLatency>()
  #next = 0
  #generation = 0

  constructor(log: Log, starts: ConnectionStarts) {
    this.#log = log
    this.#starts = starts
  }

  list({ from, to, width, connections }: LatencyMethods['latency']['params']): LatencyList {
    this.#read()
    const end = Math.min(to, this.#log.count === 0 ? 0 : this.#log.row(this.#log.count - 1).time + 1)
    const duration = (to - from) / width
    const lanes = connections.flatMap((connection): LaneLatency[] => {
      const latency = this.#connections.get(connection)
      const report = latency?.report() ?? null
      if (latency === undefined || report === null) return []
      return [{ connection, ...report, buckets: latency.series.between(from, end, duration) }]
    })
    return { lanes, isCurrent: this.#next >= this.#log.count }
  }

  #read(): void {
    const { count, firstKept, generation } = this.#log
    if (generation !== this.#generation || count < this.#next) {
      this.#connections = new Map()
      this.#next = 0
      this.#generation = generation
    }
    this.#next = Math.max(this.#next, firstKept)
    const every = Math.ceil((count - this.#next) / MAX_MESSAGES)
    const until = performance.now() + MAX_TIME
    while (this.#next < count && performance.now() < until)
      for (let step = 0; step < STEP && this.#next < count; step++) this.#take(this.#next++, every)
  }

  #take(index: number, every: number): void {
    const { kind, connection } = this.#log.row(index)
    switch (typeOf(kind)) {
      case 'message':
        if (isOut(kind) || index % every !== 0) return
        break
      case 'connect':
      case 'open':
      case 'ping':
      case 'pong':
        break
      default:
        return
    }
    this.#of(connection).add(this.#log.peek(index))
  }

  #of(connection: number): DeliveryLatency {
    return getOrMake(this.#connections, connection, () => {
      const latency = new DeliveryLatency(this.#log.startedAt.getTime())
      // These may no longer be kept.
      for (const event of this.#starts.eventsOf(connection)) latency.add(event)
      return latency
    })
  }
}
