/** Writes records in the framing of their stream: the inverse of the parsers. */

import type { PayloadHead } from '../../shared/event.ts'
import { getOrMake } from '../../shared/maps.ts'
import { MAX_TIMER_DELAY } from '../../shared/timer-delay.ts'
import { type Payload, payloadBytes, payloadSize } from './blocks/payload.ts'

/** The bytes of a record around its payload. */
export interface Surroundings {
  readonly before: Uint8Array
  readonly after: Uint8Array
  /** What replaces each line end in the payload. Absent if the payload is written as it is. */
  readonly lineEnd?: Uint8Array
}

export interface RecordWriter {
  /** What later records depend on, if anything. Two writers with the same state write the same. */
  state?: string
  /** The bytes around the payload of the next record. Undefined if this framing cannot represent the event. */
  surround(head: PayloadHead, payload: Payload): Surroundings | undefined
  /** The bytes that end a stream. */
  end?(): Uint8Array
}

type Make = (contentType: string) => RecordWriter

const RS = '\x1e'
const DOCKER_FRAMES = /^application\/vnd\.docker\.(?:multiplexed|raw)-stream/i
const NOTHING = Buffer.alloc(0)
const FIRST_ELEMENT: Surroundings = { before: Buffer.from('['), after: NOTHING }
const NEXT_ELEMENT: Surroundings = { before: Buffer.from(','), after: NOTHING }
const ARRAY_END = Buffer.from(']\n')
/** Marks the state of a stream in an array. An event id cannot contain it. */
const IN_ARRAY = '\n'

/** The writer for a recorded framing. Records of an unknown framing are written unchanged. */
export function recordWriter(framing: string | undefined, contentType: string | undefined): RecordWriter {
  return new StreamWriter(framing, contentType ?? '')
}

/** The bytes of a record, in pieces. */
export function* recordPieces(
  { before, after, lineEnd }: Surroundings,
  payload: Uint8Array,
): Generator<Uint8Array> {
  yield before
  let from = 0
  if (lineEnd !== undefined)
    for (let to = findLineEnd(payload, 0); to < payload.length; to = findLineEnd(payload, from)) {
      yield payload.subarray(from, to)
      yield lineEnd
      from = payload[to] === CR && payload[to + 1] === LF ? to + 2 : to + 1
    }
  yield from === 0 ? payload : payload.subarray(from)
  yield after
}

/** Writes a stream in which each record can have its own framing. */
class StreamWriter implements RecordWriter {
  readonly #framing: string
  readonly #contentType: string
  /** Of the writers for a record, only that of events has a state. */
  readonly #events = new EventStreamWriter()
  readonly #writers = new Map<string, RecordWriter>([['sse', this.#events]])
  readonly #usual: RecordWriter
  /** Whether the latest records are elements of a JSON array that is still open. */
  #isInArray = false

  constructor(framing = 'raw', contentType: string) {
    this.#framing = framing
    this.#contentType = contentType
    this.#usual = this.#writer(framing)
  }

  get state(): string {
    const { state } = this.#events
    return this.#isInArray ? IN_ARRAY + state : state
  }

  set state(state: string) {
    this.#isInArray = state.startsWith(IN_ARRAY)
    this.#events.state = this.#isInArray ? state.slice(IN_ARRAY.length) : state
  }

  surround(head: PayloadHead, payload: Payload): Surroundings | undefined {
    const own = head.type === 'message' ? head.framing : undefined
    if ((own ?? this.#framing) === 'json-array') {
      const isFirst = !this.#isInArray
      this.#isInArray = true
      return isFirst ? FIRST_ELEMENT : NEXT_ELEMENT
    }
    const writer = own === undefined ? this.#usual : this.#writer(own)
    const around = writer.surround(head, payload)
    if (around === undefined || !this.#isInArray) return around
    this.#isInArray = false
    return { ...around, before: Buffer.concat([ARRAY_END, around.before]) }
  }

  end(): Uint8Array {
    const end = this.#usual.end?.() ?? NOTHING
    return this.#isInArray ? Buffer.concat([ARRAY_END, end]) : end
  }

  #writer(framing: string): RecordWriter {
    return getOrMake(this.#writers, framing, () => (WRITERS.get(framing) ?? raw)(this.#contentType))
  }
}

/** Writes records one by one: the bytes around a payload, and those that a truncated record lacks. */
function around(before: string, after: string): RecordWriter {
  const whole = { before: Buffer.from(before), after: Buffer.from(after) }
  const truncated = { ...whole, after: NOTHING }
  return {
    surround(head) {
      if (head.type !== 'message') return undefined
      return head.truncated ? truncated : whole
    },
  }
}

function raw(): RecordWriter {
  return around('', '')
}

function lengthPrefixed(contentType: string): RecordWriter {
  const isDocker = DOCKER_FRAMES.test(contentType)
  return {
    surround({ type, truncated }, payload) {
      if (type !== 'message') return undefined
      const before = Buffer.alloc(isDocker ? 8 : 4)
      // The stream of a Docker frame is not recorded: use standard output.
      if (isDocker) before[0] = 1
      before.writeUInt32BE(payloadSize(payload) + (truncated ? 1 : 0), before.length - 4)
      return { before, after: NOTHING }
    },
  }
}

/** RFC 2046 section 5.1. Each part has a length, so that it is complete with its last byte. */
function multipart(contentType: string): RecordWriter {
  const [, quoted, plain] = /;\s*boundary=(?:"([^"]+)"|([^\s;]+))/i.exec(contentType) ?? []
  const delimiter = `--${(quoted ?? plain ?? 'boundary').replace(/^--/, '')}`
  return {
    surround({ type, truncated }, payload) {
      if (type !== 'message') return undefined
      const length = payloadSize(payload) + (truncated ? 1 : 0)
      const before = `${delimiter}\r\nContent-Type: ${typeOf(payloadBytes(payload))}\r\nContent-Length: ${length}\r\n\r\n`
      return { before: Buffer.from(before), after: Buffer.from(truncated ? '' : '\r\n') }
    },
    end: () => Buffer.from(`${delimiter}--\r\n`),
  }
}

/** The type of a part is not recorded. Browsers need it, so it is detected from the bytes. */
function typeOf(payload: Uint8Array): string {
  const start = Buffer.from(payload.subarray(0, 8)).toString('latin1')
  if (start.startsWith('\xff\xd8\xff')) return 'image/jpeg'
  if (start.startsWith('\x89PNG\r\n')) return 'image/png'
  if (start.startsWith('GIF8')) return 'image/gif'
  if (/^\s*[[{]/.test(start)) return 'application/json'
  return /^[\t\r\n\x20-\x7e]*$/.test(start) ? 'text/plain; charset=utf-8' : 'application/octet-stream'
}

const WRITERS: ReadonlyMap<string, Make> = new Map([
  ['lines', () => around('', '\n')],
  ['ndjson', () => around('', '\n')],
  ['json-seq', () => around(RS, '\n')],
  ['length-prefixed', lengthPrefixed],
  ['multipart', multipart],
  ['sse', () => new EventStreamWriter()],
  ['grpc', raw],
  ['raw', raw],
])

const CR = 0x0d
const LF = 0x0a
/** A comment: a line with a colon before each of its lines. */
const COMMENT: Surroundings = {
  before: Buffer.from(':'),
  after: Buffer.from('\n'),
  lineEnd: Buffer.from('\n:'),
}
const DATA = 'data: '
const DATA_LINE_END = Buffer.from(`\n${DATA}`)
const EVENT_END = Buffer.from('\n\n')
const TRUNCATED_END = Buffer.from('\n')

/** HTML standard, 9.2.5 "Parsing an event stream". */
export class EventStreamWriter implements RecordWriter {
  /** The client's last event id. An event with another id sends it. */
  state = ''
  /** Of the last event type, without an id. */
  #last = { name: '', around: eventWith('') }

  surround({ type, event: name = '', id = '', sameId, truncated }: PayloadHead): Surroundings {
    if (type === 'comment') return COMMENT
    const idField = sameId || id === this.state ? '' : this.#idField(id)
    if (name !== this.#last.name) this.#last = { name, around: eventWith(typeField(name)) }
    const around = idField === '' ? this.#last.around : eventWith(idField + typeField(name))
    return truncated ? { ...around, after: TRUNCATED_END } : around
  }

  #idField(id: string): string {
    // The standard ignores an id with a NUL, and an id with a line end cannot be sent.
    if (/[\0\r\n]/.test(id)) return ''
    this.state = id
    return `id: ${id}\n`
  }
}

function typeField(name: string): string {
  return name === '' || name === 'message' || /[\r\n]/.test(name) ? '' : `event: ${name}\n`
}

/** An event with fields before its data. */
function eventWith(fields: string): Surroundings {
  return { before: Buffer.from(fields + DATA), after: EVENT_END, lineEnd: DATA_LINE_END }
}

/** Position of the first line end at or after `from`, or the length. */
function findLineEnd(bytes: Uint8Array, from: number): number {
  for (let at = from; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0
    if (byte === LF || byte === CR) return at
  }
  return bytes.length
}

/** The `retry` field with the reconnection time in milliseconds, in digits only (HTML standard, 9.2.6). */
export function retryField(delay: number): Uint8Array {
  return Buffer.from(`retry: ${Math.round(Math.min(delay, MAX_TIMER_DELAY))}\n\n`)
}
