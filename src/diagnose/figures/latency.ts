/**
 * How long messages take to arrive, by the time that they carry. The clocks of sender and receiver differ by an unknown
 * amount, so delays are measured from the fastest message: it counts as 0.
 */
import type { ConnectEvent, MessageEvent, RealtimeEvent } from '../../shared/event.ts'
import { type PathStep, pathSteps, valueAtPath } from '../../shared/json-path.ts'
import { toMicroseconds } from '../../shared/numbers.ts'
import { percentilesOf } from '../../shared/percentiles.ts'
import type { DeliveryReport } from '../../shared/report.ts'
import { isPolling } from '../../shared/transports.ts'
import { timeOf } from '../payload-field.ts'
import { PayloadFields, valueAt } from '../payload-fields.ts'
import { itemsOf, parsed } from '../techniques/items.ts'
import { LatencySeries } from './latency-series.ts'
import { RoundTrips } from './round-trips.ts'

/** Bytes of a payload that is read at most. */
const MAX_READ = 1024 * 1024
/** Messages from which the field is learned, at least and at most. If they have none, later ones are not read. */
const LEAST_LEARNED = 8
const MOST_LEARNED = 256
/** Characters of those messages from which on no more are kept. */
const MOST_KEPT = 4 * 1024 * 1024

/** Reads the time that a message carries. */
interface TimeField {
  readonly name: string
  read(json: unknown): unknown
}

/** The times of the messages of one connection. */
export class DeliveryLatency {
  /** Session time 0 in epoch milliseconds. */
  readonly #startedAt: number
  readonly #fields: PayloadFields
  readonly series = new LatencySeries()
  #field: TimeField | undefined
  /** The messages from which the field is learned; undefined once it is known, or given up. */
  #learned: { readonly json: unknown; readonly arrival: number }[] | undefined = []
  #kept = 0
  #isPoll = false
  /** What the last response of a poll brought: a poll may bring it again. */
  #seen: ReadonlySet<string> = new Set()
  readonly #trips = new RoundTrips()
  /** Milliseconds that the shortest handshake of TCP took, which is a round trip. */
  #handshake = Number.POSITIVE_INFINITY

  constructor(startedAt: number) {
    this.#startedAt = startedAt
    this.#fields = new PayloadFields({ startedAt })
  }

  /** Whether it still needs messages that came in. */
  get readsMessages(): boolean {
    return this.#field !== undefined || this.#learned !== undefined
  }

  add(event: RealtimeEvent): void {
    switch (event.type) {
      case 'connect':
        this.#connect(event)
        break
      case 'open':
        if (event.transport !== undefined) this.#isPoll = isPolling(event.transport)
        this.#trips.open()
        this.#handshake = Math.min(this.#handshake, event.timing?.tcp ?? Number.POSITIVE_INFINITY)
        break
      case 'ping':
      case 'pong':
        this.#trips.add(event)
        break
      case 'message':
        if (event.direction === 'in') this.#message(event)
        break
    }
  }

  /** Null if no message has a time. */
  report(): DeliveryReport | null {
    this.#learn(LEAST_LEARNED)
    const latency = percentilesOf(Float64Array.from(this.series.delays(), toMicroseconds))
    if (this.#field === undefined || latency === undefined) return null
    const { count, least } = this.series
    const roundTrip = Math.min(this.#handshake, this.#trips.least ?? Number.POSITIVE_INFINITY)
    return {
      field: this.#field.name,
      events: count,
      latency,
      fastest: toMicroseconds(least),
      roundTrip: Number.isFinite(roundTrip) ? toMicroseconds(roundTrip) : null,
    }
  }

  #connect({ latencyField, transport }: ConnectEvent): void {
    this.#isPoll = isPolling(transport)
    const steps: readonly PathStep[] | undefined =
      latencyField === undefined ? undefined : pathSteps(latencyField)
    if (latencyField === undefined || steps === undefined) return
    this.#field = { name: latencyField, read: (json) => valueAtPath(json, steps) }
    this.#learned = undefined
  }

  #message({ payload, opcode, time, dropped }: MessageEvent): void {
    if (!this.readsMessages) return
    if (dropped !== undefined || payload.length > MAX_READ || opcode === 'binary') return
    const text = Buffer.from(payload.buffer, payload.byteOffset, payload.length).toString()
    if (!this.#isPoll) {
      this.#take(parsed(text), time, text.length)
      return
    }
    const items = itemsOf(text, payload, true)
    for (const { json, content } of items)
      if (!this.#seen.has(content)) this.#take(json, time, content.length)
    this.#seen = new Set(items.map(({ content }) => content))
  }

  #take(json: unknown, arrival: number, size: number): void {
    if (json === undefined) return
    if (this.#field !== undefined) this.#measure(this.#field, json, arrival)
    if (this.#learned === undefined) return
    this.#fields.add(json, arrival)
    this.#learned.push({ json, arrival })
    this.#kept += size
    if (this.#learned.length >= MOST_LEARNED || this.#kept >= MOST_KEPT) {
      this.#learn(0)
      this.#learned = undefined
    }
  }

  /** Takes the field that was found, if `least` messages were seen, and measures those by it. */
  #learn(least: number): void {
    if (this.#learned === undefined || this.#learned.length < least) return
    const name = this.#fields.clock?.name
    if (name === undefined) return
    const field = { name, read: (json: unknown) => valueAt(json, name) }
    for (const { json, arrival } of this.#learned) this.#measure(field, json, arrival)
    this.#field = field
    this.#learned = undefined
  }

  #measure(field: TimeField, json: unknown, arrival: number): void {
    const sent = timeOf(field.read(json))
    if (sent !== undefined) this.series.add(arrival, arrival - (sent - this.#startedAt))
  }
}
