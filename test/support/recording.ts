/** Handwritten sessions. */
import type { IndexedRecording } from '../../src/capture/recording.ts'
import { rowOf } from '../../src/diagnose/rule-event.ts'
import type { MessageEvent, RealtimeEvent } from '../../src/shared/event.ts'

export const STARTED_AT = new Date('2026-11-23T05:00:00.000Z')

/** The events as a recording that is read in parts of a thousand. */
export function recordingOf(events: readonly RealtimeEvent[]): IndexedRecording {
  const at = (index: number): RealtimeEvent => {
    const event = events[index]
    if (event === undefined) throw new RangeError(`There is no event ${index}.`)
    return event
  }
  return {
    startedAt: STARTED_AT,
    generator: 'test',
    firstKept: 0,
    count: events.length,
    row: (index) => rowOf(at(index)),
    event: at,
    async *events() {
      for (let from = 0; from < events.length; from += 1000) yield events.slice(from, from + 1000)
    },
  }
}

/** The `connect` and `open` of a WebSocket. */
export function opened(connection = 1, time = 0, url = 'ws://localhost:8080/feed'): RealtimeEvent[] {
  return [
    { type: 'connect', connection, time, transport: 'websocket', url, attempt: 0 },
    {
      type: 'open',
      connection,
      time: time + 1,
      transport: 'websocket',
      status: 101,
      headers: { upgrade: 'websocket' },
      httpVersion: '1.1',
    },
  ]
}

/** A message. Values other than strings and bytes are sent as JSON. */
export function message(
  time: number,
  content: unknown,
  fields: Partial<Omit<MessageEvent, 'type' | 'time' | 'payload'>> = {},
): MessageEvent {
  const binary = content instanceof Uint8Array
  return {
    type: 'message',
    connection: 1,
    direction: 'in',
    opcode: binary ? 'binary' : 'text',
    ...fields,
    time,
    payload: binary ? content : Buffer.from(typeof content === 'string' ? content : JSON.stringify(content)),
  }
}

/** Inbound messages 10 ms apart on one open WebSocket. */
export function conversation(contents: readonly unknown[]): RealtimeEvent[] {
  return [...opened(), ...contents.map((content, index) => message(10 * (index + 1), content))]
}

/**
 * Two connections: a WebSocket that opens at 50 ms and gets a message every 100 ms until it is closed at the end, and
 * an event stream that breaks at half-time and does not come back.
 */
export function twoConnections(messages = 40): RealtimeEvent[] {
  const end = 100 * (messages + 1)
  const headers = {}
  const events: RealtimeEvent[] = [
    { type: 'connect', connection: 1, time: 0, transport: 'websocket', url: 'ws://h/feed', attempt: 0 },
    {
      ...{ type: 'open', connection: 1, time: 50, transport: 'websocket', status: 101, headers },
      httpVersion: '1.1',
    },
    { type: 'connect', connection: 2, time: 60, transport: 'sse', url: 'http://h/news', attempt: 0 },
    {
      ...{ type: 'open', connection: 2, time: 70, transport: 'sse', status: 200, headers },
      httpVersion: '1.1',
    },
    ...Array.from({ length: messages }, (_, i) =>
      message(100 * (i + 1), { type: 'tick', n: i }, { direction: i % 8 === 7 ? 'out' : 'in' }),
    ),
    { type: 'error', connection: 2, time: end / 2, code: 'ECONNRESET', message: 'The connection was reset.' },
    { type: 'reconnect', connection: 2, time: end / 2, attempt: 1, delay: 60_000, reason: 'reset' },
    { type: 'close', connection: 1, time: end, code: 1000, by: 'server' },
  ]
  return events.toSorted((a, b) => a.time - b.time)
}
