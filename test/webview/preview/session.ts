/** A generated session of any length: every event is a function of its number, so none is stored. */

import type { Direction, EventType } from '../../../src/shared/event.ts'
import {
  allocateColumns,
  type ColumnBatch,
  packKind,
  UNKNOWN_SIZE,
} from '../../../src/shared/event-columns.ts'
import type { EventDetail, EventPreview } from '../../../src/shared/protocol.ts'
import type { Source } from './source.ts'

interface Sample {
  readonly type: EventType
  readonly direction?: Direction
  readonly connection: number
  /** The value of the event name column. */
  readonly eventName: string
  /** The payload name. */
  readonly calls?: string
  readonly payload?: string | Uint8Array<ArrayBuffer>
  readonly preview?: string
  readonly fields?: Readonly<Record<string, unknown>>
  readonly truncated?: boolean
}

const trade = JSON.stringify({
  type: 'trade',
  symbol: 'ACME',
  price: 102.25,
  size: 300,
  venue: { id: 'XETR', lit: true, tick: 0.005, lot: 1 },
  legs: [],
  note: null,
})
const quote = JSON.stringify({
  type: 'quote',
  symbol: 'ACME',
  bid: 102.2,
  ask: 102.25,
  venue: { id: 'XETR' },
})
const subscribe = '{"op":"subscribe","channel":"trades.ACME"}'
const blob = Uint8Array.from({ length: 16_800 }, (_, i) => (i * 31 + (i >> 4)) & 0xff)

const OPEN_FIELDS = {
  status: 101,
  httpVersion: '1.1',
  subprotocol: 'feed.v2',
  extensions: 'permessage-deflate; client_max_window_bits',
  remoteAddress: '203.0.113.7:443',
  headers: { upgrade: 'websocket', connection: 'Upgrade', 'set-cookie': ['a=1', 'b=2'] },
  tls: { protocol: 'TLSv1.3', cipher: 'TLS_AES_256_GCM_SHA384', validTo: '2027-03-01T00:00:00.000Z' },
  timing: { dns: 3.1, tcp: 9.3, tls: 9.5, firstByte: 8.3 },
  requestHeadSize: 412,
  headSize: 236,
}

const CYCLE: readonly Sample[] = [
  {
    type: 'message',
    direction: 'in',
    connection: 1,
    eventName: '',
    calls: 'trade',
    payload: trade,
    fields: { frames: 1, compressed: true },
  },
  {
    type: 'message',
    direction: 'in',
    connection: 1,
    eventName: '',
    calls: 'quote',
    payload: quote,
    fields: { frames: 1 },
  },
  { type: 'message', direction: 'out', connection: 1, eventName: '', calls: 'subscribe', payload: subscribe },
  {
    type: 'reconnect',
    connection: 2,
    eventName: '',
    preview: 'connection reset · reconnect 1 in 1.0 s · resumes after id 1187',
    fields: { attempt: 1, delay: 1000, reason: 'connection reset', lastEventId: '1187' },
  },
  {
    type: 'message',
    direction: 'in',
    connection: 1,
    eventName: '',
    calls: 'trade',
    payload: trade,
    fields: { frames: 1, compressed: true },
  },
  { type: 'ping', direction: 'in', connection: 1, eventName: '', payload: '' },
  {
    type: 'pong',
    direction: 'out',
    connection: 1,
    eventName: '',
    payload: '',
    preview: 'answered in 0.1 ms',
  },
  {
    type: 'message',
    direction: 'in',
    connection: 1,
    eventName: '',
    calls: 'binary',
    payload: blob,
    preview: '00 1f 3e 5d 7c 9b ba d9 f8 17 36 55',
  },
  {
    type: 'message',
    direction: 'in',
    connection: 2,
    eventName: 'price',
    payload: '{"symbol":"ACME","price":102.26}',
    preview: 'id 1190  {"symbol":"ACME","price":102.26}',
    fields: { event: 'price', id: '1190' },
  },
  { type: 'request', connection: 3, eventName: '', preview: 'GET https://kv/config?wait=30s' },
  {
    type: 'response',
    connection: 3,
    eventName: '502',
    preview: 'Bad Gateway, held 0.4 s',
    fields: { status: 502, held: 412.5, headers: { 'content-type': 'text/html' } },
  },
  {
    type: 'error',
    connection: 3,
    eventName: '502',
    preview: 'The server answered 502 Bad Gateway; the next poll is in 0.5 s.',
    fields: {
      code: 'HTTP_STATUS',
      message: 'The server answered 502 Bad Gateway; the next poll is in 0.5 s.',
      status: 502,
    },
  },
]

const FIRST: readonly Sample[] = [
  { type: 'connect', connection: 1, eventName: '', preview: 'wss://feed.example/ticker' },
  {
    type: 'open',
    connection: 1,
    eventName: '101',
    preview: '101 Switching Protocols, feed.v2',
    fields: OPEN_FIELDS,
  },
]

const EVENT_NAMES: readonly string[] = [
  ...new Set(['', ...[...FIRST, ...CYCLE].map(({ eventName }) => eventName)]),
]

const encoder = new TextEncoder()

function bytesOf({ payload }: Sample): Uint8Array<ArrayBuffer> | undefined {
  return typeof payload === 'string' ? encoder.encode(payload) : payload
}

function sampleAt(index: number): Sample {
  const sample = FIRST[index] ?? CYCLE[(index - FIRST.length) % CYCLE.length]
  if (sample === undefined) throw new Error(`no event ${index}`)
  return sample
}

const compiled = new Map(
  [...FIRST, ...CYCLE].map((sample) => [
    sample,
    {
      kind: packKind({
        type: sample.type,
        direction: sample.direction,
        binary: sample.payload instanceof Uint8Array,
        compressed: sample.fields?.compressed === true,
        truncated: sample.truncated === true,
      }),
      size: bytesOf(sample)?.length ?? 0,
      eventName: EVENT_NAMES.indexOf(sample.eventName),
    },
  ]),
)

/** Session time of an event in milliseconds. */
function timeOf(index: number, step: number): number {
  return index * step + (index % 3) * step * 0.3
}

/** Columns of events [from, to), `step` milliseconds apart. */
function columnsOf(from: number, to: number, step: number): ColumnBatch {
  const columns = allocateColumns(from, to - from)
  for (let i = 0; i < columns.count; i++) {
    const sample = sampleAt(from + i)
    const { kind, size, eventName } = compiled.get(sample) ?? { kind: 0, size: 0, eventName: 0 }
    columns.time[i] = timeOf(from + i, step)
    columns.kind[i] = kind
    columns.connection[i] = sample.connection
    columns.size[i] = size
    columns.wireSize[i] = size === 0 ? UNKNOWN_SIZE : Math.ceil(size / 2)
    columns.eventName[i] = eventName
  }
  return columns
}

function previewOf(index: number): EventPreview {
  const sample = sampleAt(index)
  const text = sample.preview ?? (typeof sample.payload === 'string' ? sample.payload : '')
  return { payloadName: sample.calls ?? '', text }
}

function detailOf(index: number, maxBytes: number, step: number): EventDetail {
  const sample = sampleAt(index)
  const payload = bytesOf(sample)
  return {
    index,
    fields: {
      type: sample.type,
      connection: sample.connection,
      time: timeOf(index, step),
      direction: sample.direction,
      ...sample.fields,
    },
    payload: payload?.slice(0, maxBytes),
    size: payload?.length ?? 0,
    dropped: false,
  }
}

/** The generated session as the host's source, with events `step` milliseconds apart. */
export function invented(step: number): Source {
  return {
    eventNames: EVENT_NAMES,
    connections: undefined,
    time: (index) => timeOf(index, step),
    columns: (from, to) => columnsOf(from, to, step),
    preview: previewOf,
    detail: (index, maxBytes) => detailOf(index, maxBytes, step),
  }
}
