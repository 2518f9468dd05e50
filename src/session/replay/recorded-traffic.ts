/** What a recording says of each connection, read in one pass. */
import { setImmediate } from 'node:timers/promises'
import type { IndexedRecording } from '../../capture/recording.ts'
import type {
  CloseEvent,
  ConnectEvent,
  OpenEvent,
  RealtimeEvent,
  RequestEvent,
  ResponseEvent,
} from '../../shared/event.ts'
import { unpackKind } from '../../shared/event-columns.ts'
import { getOrMake } from '../../shared/maps.ts'
import type { Script, ScriptedMessage } from './script.ts'

/** An event that starts an attempt or a cycle. */
interface Start<Event> {
  readonly event: Event
  /** Number of the event. */
  readonly number: number
  /** Number of inbound messages of the session before it. */
  readonly answersBefore: number
}

/** One request of a poll. */
export interface RecordedCycle extends Start<RequestEvent> {
  response: ResponseEvent | undefined
  /** Number of the event of the response. */
  responseNumber: number
  answers: number
  /** Number of the message that is its body, if the recording has it as one. */
  body: number | undefined
}

/** Events read before the thread is released: about a millisecond. */
const STEP = 8192

export class RecordedTraffic implements Script {
  readonly connection: number
  /** Outbound messages. */
  readonly messages: ScriptedMessage[] = []
  readonly cycles: RecordedCycle[] = []
  start: Start<ConnectEvent> | undefined
  open: OpenEvent | undefined
  /** Number of the event. */
  openNumber = 0
  /** The latest end; undefined if the connection is open at the end of the recording. */
  close: CloseEvent | undefined
  /** The status with which the peer refused a request. */
  refused: number | undefined
  attempts = 0
  /** Number of inbound messages. */
  answers = 0
  /** The longest time without a message in either direction, in ms. */
  longestSilence = 0
  /** Session time of the latest event. */
  last = 0
  #begun: number | undefined
  #latest: number | undefined

  constructor(connection: number) {
    this.connection = connection
  }

  /** Undefined if the recording starts later. */
  get connect(): ConnectEvent | undefined {
    return this.start?.event
  }

  /** Takes note of a message, or that the connection opened. */
  exchanged(time: number, index: number, direction: 'in' | 'out' | undefined): void {
    this.longestSilence = Math.max(this.longestSilence, time - (this.#latest ?? time))
    this.#latest = time
    this.#begun ??= time
    const cycle = this.cycles.at(-1)
    if (direction === 'out' && cycle !== undefined) cycle.body ??= index
    if (direction === 'out')
      this.messages.push({ index, at: Math.max(0, time - this.#begun), answersBefore: this.answers })
    else if (direction === 'in') {
      this.answers++
      if (cycle !== undefined) cycle.answers++
    }
  }

  /** Takes note of an event other than a message. `before` is the number of inbound messages of the session. */
  happened(event: RealtimeEvent, number: number, before: number): void {
    switch (event.type) {
      case 'connect':
        this.attempts++
        this.close = undefined
        this.start ??= { event, number, answersBefore: before }
        return
      case 'open':
        if (this.open === undefined) this.openNumber = number
        this.open ??= event
        return
      case 'request':
        this.cycles.push({
          ...{ event, number, answersBefore: before, answers: 0 },
          ...{ response: undefined, responseNumber: number, body: undefined },
        })
        return
      case 'response': {
        const cycle = this.cycles.at(-1)
        if (cycle !== undefined && cycle.response === undefined) {
          cycle.response = event
          cycle.responseNumber = number
        }
        this.#answered(event.status)
        return
      }
      case 'error':
        this.#answered(event.status)
        return
      case 'close':
        this.close = event
        return
      default:
        return
    }
  }

  #answered(status: number | undefined): void {
    if (status !== undefined && status >= 400) this.refused = status
  }
}

/** The traffic of each connection, in the order of their first events. */
export function* trafficIn(source: IndexedRecording): Generator<undefined, RecordedTraffic[]> {
  const all = new Map<number, RecordedTraffic>()
  let answers = 0
  for (let index = source.firstKept; index < source.count; index++) {
    if (index % STEP === 0) yield
    const { connection, kind, time } = source.row(index)
    const { type, direction } = unpackKind(kind)
    if (type === 'mark') continue
    const traffic = getOrMake(all, connection, () => new RecordedTraffic(connection))
    traffic.last = time
    if (type === 'message') {
      traffic.exchanged(time, index, direction)
      if (direction === 'in') answers++
      continue
    }
    if (type === 'open') traffic.exchanged(time, index, undefined)
    traffic.happened(source.event(index), index, answers)
  }
  return [...all.values()]
}

/** As `trafficIn`, but releases the thread regularly for live traffic. */
export async function readTraffic(source: IndexedRecording): Promise<RecordedTraffic[]> {
  const steps = trafficIn(source)
  for (;;) {
    const { done, value } = steps.next()
    if (done) return value
    await setImmediate()
  }
}
