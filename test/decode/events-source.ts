/** Events in memory, as decoding on demand reads a session. */
import type { DecodingSource, DecodingStart, PayloadTaker } from '../../src/decode/decoding-source.ts'
import type { RealtimeEvent } from '../../src/shared/event.ts'
import { packKind } from '../../src/shared/event-columns.ts'

/** Other bytes before and after each payload. */
const AROUND = Buffer.from('[{"')

export class EventsSource implements DecodingSource {
  readonly firstKept = 0
  readonly eventNames: string[] = ['']
  readonly #events: readonly RealtimeEvent[]
  #last = Buffer.alloc(0)

  constructor(events: readonly RealtimeEvent[]) {
    this.#events = events
  }

  get count(): number {
    return this.#events.length
  }

  row(index: number) {
    const event = this.peek(index)
    const { type, time } = event
    const direction = 'direction' in event ? event.direction : undefined
    const kind = packKind({ type, direction, binary: type === 'message' && event.opcode === 'binary' })
    const name = type === 'message' ? (event.event ?? '') : ''
    if (!this.eventNames.includes(name)) this.eventNames.push(name)
    const size = 'payload' in event ? event.payload.length : 0
    const connection = 'connection' in event ? event.connection : 0
    return { time, kind, connection, size, eventName: this.eventNames.indexOf(name) }
  }

  peek(index: number): RealtimeEvent {
    const event = this.#events[index]
    if (event === undefined) throw new RangeError(`There is no event ${index}.`)
    return event
  }

  payload(index: number, maxBytes?: number): Uint8Array | undefined {
    const event = this.peek(index)
    return 'payload' in event && event.dropped === undefined ? event.payload.subarray(0, maxBytes) : undefined
  }

  /** As a capture does: what it returned before is overwritten. */
  givePayload(index: number, maxBytes: number | undefined, taker: PayloadTaker): boolean {
    this.#last.fill(0xff)
    const payload = this.payload(index, maxBytes)
    if (payload === undefined) return false
    this.#last = Buffer.concat([AROUND, payload, AROUND])
    taker.take(this.#last, AROUND.length, AROUND.length + payload.length)
    return true
  }

  /** The first `connect` and the last `open` of a connection. */
  startOf(connection: number): DecodingStart {
    const of = this.#events.filter((event) => 'connection' in event && event.connection === connection)
    const connect = of.find((event) => event.type === 'connect')
    const open = of.findLast((event) => event.type === 'open')
    return { ...(connect && { connect }), ...(open && { open }) }
  }
}
