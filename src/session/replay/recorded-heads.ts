/** The heads of the requests and responses in a recording, which may have ids. */
import type { IndexedRecording } from '../../capture/recording.ts'
import type { Headers } from '../../shared/event.ts'
import { unpackKind } from '../../shared/event-columns.ts'
import type { RecordedHead } from './recorded-ids.ts'
import type { RecordedTraffic } from './recorded-traffic.ts'

const LAST_EVENT_ID = 'last-event-id'

/** A recorded message with an event ID with which a request continues. */
export interface ResumedEvent extends RecordedHead {
  readonly id: string
  /** Number of inbound messages of its connection before it. */
  readonly answersBefore: number
}

/** The header field with which a request would continue after an event. */
export function resumingHeaders(id: string): Headers {
  return { [LAST_EVENT_ID]: id }
}

/** In no particular order. */
export function recordedHeads(traffic: readonly RecordedTraffic[]): readonly RecordedHead[] {
  return traffic.flatMap(headsIn)
}

function headsIn({ connection, start, open, openNumber, cycles }: RecordedTraffic): readonly RecordedHead[] {
  const heads: RecordedHead[] = []
  const add = (number: number, direction: 'in' | 'out', url = '', headers: Headers = {}) =>
    heads.push({ connection, number, direction, head: { url, headers } })
  if (start !== undefined) add(start.number, 'out', start.event.url, start.event.headers)
  if (open !== undefined) add(openNumber, 'in', '', open.headers)
  for (const { number, event, response, responseNumber } of cycles) {
    add(number, 'out', event.url, event.headers)
    if (response !== undefined) add(responseNumber, 'in', '', response.headers)
  }
  return heads
}

/** The messages after which requests of the recording continue. */
export function resumedEvents(
  source: IndexedRecording,
  heads: readonly RecordedHead[],
): readonly ResumedEvent[] {
  const resumed = new Set(heads.flatMap(({ head }) => lastEventIds(head.headers)))
  if (resumed.size === 0) return []
  const found: ResumedEvent[] = []
  const answers = new Map<number, number>()
  for (let number = source.firstKept; number < source.count; number++) {
    const { kind, connection } = source.row(number)
    const { type, direction } = unpackKind(kind)
    if (type !== 'message' || direction !== 'in') continue
    const answersBefore = answers.get(connection) ?? 0
    answers.set(connection, answersBefore + 1)
    const event = source.event(number)
    if (event.type !== 'message' || event.id === undefined || !resumed.has(event.id)) continue
    const head = { url: '', headers: resumingHeaders(event.id) }
    found.push({ connection, number, direction, head, id: event.id, answersBefore })
  }
  return found
}

function lastEventIds(headers: Headers): readonly string[] {
  return Object.entries(headers).flatMap(([name, value]) =>
    name.toLowerCase() === LAST_EVENT_ID ? value : [],
  )
}
