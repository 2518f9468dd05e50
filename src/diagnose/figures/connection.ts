/** The figures of one connection, gathered event by event. */
import type { Direction, EventType, OpenEvent, RealtimeEvent, ResponseEvent } from '../../shared/event.ts'
import { isOut, UNKNOWN_SIZE } from '../../shared/event-columns.ts'
import type { ConnectionReport, DirectionReport, FirstByteReport } from '../../shared/report.ts'
import { maskUrl } from '../../shared/secrets.ts'
import type { ObjectMessage } from '../object-message.ts'
import { GapHistogram, RateSeries, Sample, SizeHistogram } from './distributions.ts'
import { firstByteOf } from './first-byte.ts'
import { OutageFigures } from './outages.ts'
import { PollFigures } from './polls.ts'
import { RoundTrips } from './round-trips.ts'
import { SizeFigures } from './sizes.ts'

class DirectionFigures {
  readonly #bytes = new SizeFigures()
  readonly #sizes = new SizeHistogram()
  readonly #gaps = new Sample()
  readonly #gapCounts = new GapHistogram()
  readonly rate = new RateSeries()
  #messages = 0
  #last: number | undefined

  add(time: number, size: number, wireSize: number | undefined): void {
    this.#messages++
    this.#bytes.add(size, wireSize)
    this.#sizes.add(size)
    if (this.#last !== undefined) {
      this.#gaps.add(time - this.#last)
      this.#gapCounts.add(time - this.#last)
    }
    this.#last = time
    this.rate.add(time)
  }

  addHead(size: number | undefined): void {
    this.#bytes.addHead(size)
  }

  /** The time over an outage does not count as a gap. */
  open(): void {
    this.#last = undefined
  }

  report(bucket: number): DirectionReport {
    const counts = this.rate.counts(bucket)
    return {
      messages: this.#messages,
      bytes: this.#bytes.report(),
      sizes: this.#sizes.ranges(),
      gaps: this.#gaps.percentiles() ?? null,
      gapCounts: this.#gapCounts.ranges(),
      rate: { bucket, counts, peak: counts.reduce((most, count) => Math.max(most, count), 0) },
    }
  }
}

/** Different names that are counted at most, and those in the report. */
const MAX_NAMES = 1000
const REPORTED_NAMES = 20

class Names {
  #counts: Map<string, number> | undefined

  add(name: string): void {
    this.#counts ??= new Map()
    const count = this.#counts.get(name)
    if (count !== undefined || this.#counts.size < MAX_NAMES) this.#counts.set(name, (count ?? 0) + 1)
  }

  report(): Record<string, number> {
    const most = [...(this.#counts ?? [])].sort(([, a], [, b]) => b - a)
    return Object.fromEntries(most.slice(0, REPORTED_NAMES))
  }
}

export class ConnectionFigures {
  readonly id: number
  readonly #from: number
  readonly #events: Partial<Record<EventType, number>> = {}
  readonly #directions: Readonly<Record<Direction, DirectionFigures>> = {
    in: new DirectionFigures(),
    out: new DirectionFigures(),
  }
  readonly #names = new Names()
  readonly #errors = new Names()
  readonly #outages = new OutageFigures()
  readonly #polls = new PollFigures()
  readonly #roundTrips = new RoundTrips()
  #transport = 'unknown'
  #url = ''
  #firstByte: FirstByteReport | undefined
  #to: number

  constructor(id: number, time: number) {
    this.id = id
    this.#from = time
    this.#to = time
  }

  add(event: RealtimeEvent): void {
    this.#to = event.time
    this.#events[event.type] = (this.#events[event.type] ?? 0) + 1
    this.#outages.add(event)
    switch (event.type) {
      case 'connect':
        this.#url ||= maskUrl(event.url)
        if (event.transport !== 'auto') this.#transport = event.transport
        break
      case 'open':
        this.#transport = event.transport ?? this.#transport
        this.#firstByte ??= firstByteOf(event.timing)
        this.#directions.in.open()
        this.#directions.out.open()
        this.#roundTrips.open()
        this.#addHeads(event)
        break
      case 'ping':
      case 'pong':
        this.#roundTrips.add(event)
        break
      case 'message':
        this.#directions[event.direction].add(
          event.time,
          event.dropped ?? event.payload.length,
          event.wireSize,
        )
        if (event.event !== undefined) this.#names.add(event.event)
        break
      case 'error':
        this.#errors.add(event.code)
        break
      case 'request':
        this.#polls.request()
        break
      case 'response':
        this.#polls.response(event)
        this.#addHeads(event)
        break
    }
  }

  /** As `add`, for a message by its columns. */
  addMessage({ time, kind, size, wireSize, event }: ObjectMessage): void {
    this.#to = time
    this.#events.message = (this.#events.message ?? 0) + 1
    const known = wireSize === UNKNOWN_SIZE ? undefined : wireSize
    this.#directions[isOut(kind) ? 'out' : 'in'].add(time, size, known)
    if (event !== undefined) this.#names.add(event)
  }

  #addHeads({ requestHeadSize, headSize }: OpenEvent | ResponseEvent): void {
    this.#directions.out.addHead(requestHeadSize)
    this.#directions.in.addHead(headSize)
  }

  /** Width of its buckets in milliseconds: the smallest possible. */
  get bucket(): number {
    return Math.max(this.#directions.in.rate.width, this.#directions.out.rate.width)
  }

  /** `end` is the end of the session. */
  report(bucket: number, end: number): Omit<ConnectionReport, 'decoded' | 'answers' | 'delivery'> {
    return {
      id: this.id,
      transport: this.#transport,
      url: this.#url,
      from: this.#from,
      to: this.#to,
      events: this.#events,
      in: this.#directions.in.report(bucket),
      out: this.#directions.out.report(bucket),
      eventNames: this.#names.report(),
      errors: this.#errors.report(),
      outages: this.#outages.report(),
      polls: this.#polls.report() ?? null,
      openFor: this.#outages.openFor(end),
      firstByte: this.#firstByte ?? null,
      roundTrips: this.#roundTrips.report(),
      down: this.#outages.down,
    }
  }
}
