/** Metrics of the traffic, by technique and direction, so that there are few series. */
import type { Attributes, Meter } from '@opentelemetry/api'
import type { DecodedEvent } from '../../shared/decoded.ts'
import type { RealtimeEvent } from '../../shared/event.ts'

/** Connections whose latest message is remembered. */
const MAX_CONNECTIONS = 10_000
/** Milliseconds. */
const BOUNDARIES = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 30_000, 60_000]

interface Traffic {
  readonly transport: string
  isOpen: boolean
  /** Time of the latest inbound message. */
  latest: number | undefined
}

export class TrafficMetrics {
  readonly #messages
  readonly #bytes
  readonly #gaps
  readonly #latency
  readonly #reconnects
  readonly #open
  readonly #errors
  readonly #connections = new Map<number, Traffic>()
  readonly #series = new Map<string, Attributes>()

  constructor(meter: Meter) {
    const times = { unit: 'ms', advice: { explicitBucketBoundaries: BOUNDARIES } }
    this.#messages = meter.createCounter('realtime.messages', { description: 'Messages', unit: '{message}' })
    this.#bytes = meter.createCounter('realtime.payload', { description: 'Bytes of payload', unit: 'By' })
    this.#gaps = meter.createHistogram('realtime.gap', {
      ...times,
      description: 'Time between received messages',
    })
    this.#latency = meter.createHistogram('realtime.answer.latency', {
      ...times,
      description: 'Time from a request to its answer',
    })
    this.#reconnects = meter.createCounter('realtime.reconnects', { unit: '{reconnect}' })
    this.#errors = meter.createCounter('realtime.errors', { unit: '{error}' })
    this.#open = meter.createUpDownCounter('realtime.connections', {
      description: 'Open connections',
      unit: '{connection}',
    })
  }

  take(event: RealtimeEvent, decoded: readonly DecodedEvent[]): void {
    if (!('connection' in event)) return
    const traffic = this.#traffic(event)
    const { transport } = traffic
    switch (event.type) {
      case 'open':
        if (!traffic.isOpen) this.#open.add(1, this.#of(transport))
        traffic.isOpen = true
        return
      case 'close':
        if (traffic.isOpen) this.#open.add(-1, this.#of(transport))
        traffic.isOpen = false
        return
      case 'reconnect':
        this.#reconnects.add(1, this.#of(transport))
        return
      case 'error':
        this.#errors.add(1, { 'realtime.transport': transport, 'error.type': event.code })
        return
      case 'message': {
        const series = this.#of(transport, event.direction)
        this.#messages.add(1, series)
        this.#bytes.add(event.payload.length, series)
        if (event.direction === 'out') break
        if (traffic.latest !== undefined) this.#gaps.record(event.time - traffic.latest, this.#of(transport))
        traffic.latest = event.time
      }
    }
    for (const { answers, latency, protocol } of decoded)
      if (answers !== undefined && latency !== undefined)
        this.#latency.record(latency, { 'rpc.system': protocol })
  }

  #traffic(event: RealtimeEvent & { readonly connection: number }): Traffic {
    const known = this.#connections.get(event.connection)
    if (known !== undefined && !('transport' in event && known.transport === 'auto')) return known
    const transport = 'transport' in event && event.transport !== undefined ? event.transport : 'unknown'
    const traffic = { isOpen: false, latest: undefined, ...known, transport }
    this.#connections.set(event.connection, traffic)
    if (this.#connections.size > MAX_CONNECTIONS) this.#forget(event.connection)
    return traffic
  }

  /** Forgets the oldest connection that is not open. */
  #forget(current: number): void {
    for (const [id, { isOpen }] of this.#connections) {
      if (isOpen || id === current) continue
      this.#connections.delete(id)
      return
    }
  }

  /** The same object for the same series. */
  #of(transport: string, direction?: string): Attributes {
    const key = `${transport} ${direction}`
    const known = this.#series.get(key)
    if (known !== undefined) return known
    const made = {
      'realtime.transport': transport,
      ...(direction !== undefined && { 'realtime.direction': direction }),
    }
    this.#series.set(key, made)
    return made
  }
}
