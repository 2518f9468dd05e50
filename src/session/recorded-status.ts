/** The statuses of a recording's connections after any of its events. */

import type { RealtimeEvent } from '../shared/event.ts'
import { type ColumnBatch, typeOf, unpackKind } from '../shared/event-columns.ts'
import { isPayloadType } from '../shared/event-types.ts'
import { maskText, maskUrl } from '../shared/secrets.ts'
import { type ConnectionState, type ConnectionStatus, newStatus } from '../shared/status.ts'
import type { TransportName } from '../shared/transports.ts'

/** The part of a log that is needed. */
export interface StatusSource {
  readonly firstKept: number
  columns(from: number, max: number): ColumnBatch
  peek(index: number): RealtimeEvent
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] }

const STEP = 4096
/** Milliseconds over which a rate is measured. */
const RATE_SPAN = 1000

class Fold {
  readonly status: Mutable<ConnectionStatus>
  /** Times of inbound messages, oldest first. Those from `#first` on are in the last second. */
  #recent: number[] = []
  #first = 0

  constructor(id: number) {
    this.status = newStatus(id)
  }

  message(direction: string | undefined, size: number, time: number): void {
    if (direction === 'out') {
      this.status.messagesOut++
      this.status.bytesOut += size
      return
    }
    this.status.messagesIn++
    this.status.bytesIn += size
    this.#recent.push(time)
    this.#forget(time)
  }

  enter(state: ConnectionState, time: number): void {
    if (this.status.state !== state || this.status.since === 0) this.status.since = time
    this.status.state = state
    this.status.retry = undefined
    this.status.heldSince = undefined
  }

  at(now: number): ConnectionStatus {
    this.#forget(now)
    return { ...this.status, rate: this.#recent.length - this.#first }
  }

  #forget(now: number): void {
    while (this.#first < this.#recent.length && (this.#recent[this.#first] ?? 0) <= now - RATE_SPAN)
      this.#first++
    if (this.#first < STEP || this.#first < this.#recent.length / 2) return
    this.#recent = this.#recent.slice(this.#first)
    this.#first = 0
  }
}

export class RecordedStatus {
  readonly #source: StatusSource
  #folds = new Map<number, Fold>()
  #position: number

  constructor(source: StatusSource) {
    this.#source = source
    this.#position = source.firstKept
  }

  /** The statuses after the first `count` events, at session time `now`. A lower count than before starts over. */
  at(count: number, now: number): ConnectionStatus[] {
    if (count < this.#position) {
      this.#folds = new Map()
      this.#position = this.#source.firstKept
    }
    while (this.#position < count) {
      const columns = this.#source.columns(this.#position, Math.min(STEP, count - this.#position))
      if (columns.count === 0) break
      for (let offset = 0; offset < columns.count; offset++) this.#take(columns, offset)
      this.#position = columns.first + columns.count
    }
    return [...this.#folds.values()].map((fold) => fold.at(now))
  }

  #take(columns: ColumnBatch, offset: number): void {
    const kind = columns.kind[offset] ?? 0
    const time = columns.time[offset] ?? 0
    const type = typeOf(kind)
    if (type === 'mark') return
    const fold = this.#fold(columns.connection[offset] ?? 0)
    if (type === 'message') fold.message(unpackKind(kind).direction, columns.size[offset] ?? 0, time)
    else if (!isPayloadType(type)) takeLifecycle(fold, this.#source.peek(columns.first + offset))
  }

  #fold(connection: number): Fold {
    let fold = this.#folds.get(connection)
    if (fold === undefined) {
      fold = new Fold(connection)
      this.#folds.set(connection, fold)
    }
    return fold
  }
}

function takeLifecycle(fold: Fold, event: RealtimeEvent): void {
  const { status } = fold
  switch (event.type) {
    case 'connect':
      // Later attempts can use the URL to which the first was redirected.
      if (event.attempt === 0) status.url = maskUrl(event.url)
      if (event.source !== undefined && event.source !== 'client') status.source = event.source
      status.initiator = event.initiator ?? status.initiator
      status.transport = event.transport
      fold.enter('connecting', event.time)
      return
    case 'open':
      opened(status, event.transport, event.time)
      fold.enter('open', event.time)
      return
    case 'request':
      status.heldSince = event.time
      return
    case 'response':
      status.heldSince = undefined
      status.responses++
      if (event.empty) status.emptyResponses++
      return
    case 'error':
      status.error = maskText(event.message)
      status.errors = (status.errors ?? 0) + 1
      status.lastError = status.error
      if (status.state === 'connecting') fold.enter('failed', event.time)
      return
    case 'close':
      status.closedBy = event.by
      fold.enter(status.error === undefined ? 'closed' : 'failed', event.time)
      return
    case 'reconnect':
      fold.enter('waiting', event.time)
      status.reconnects++
      status.retry = { attempt: event.attempt, at: event.time + event.delay, reason: maskText(event.reason) }
  }
}

function opened(status: Mutable<ConnectionStatus>, transport: TransportName | undefined, time: number): void {
  status.transport = transport ?? status.transport
  status.openedAt ??= time
  status.error = undefined
}
