/** Writes records in the framing of their stream: the inverse of the parsers. */

import type { CommentEvent, MessageEvent } from '../../shared/event.ts'
import { getOrMake } from '../../shared/maps.ts'
import { MAX_TIMER_DELAY } from '../../shared/timer-delay.ts'

export interface RecordWriter {
  /** What later records depend on, if anything. Two writers with the same state write the same. */
  state?: string
  /** The bytes of an event, in pieces. Undefined if this framing cannot represent it. */
  write(event: MessageEvent | CommentEvent): Pieces | undefined
  /** The bytes that end a stream. */
  end?(): Uint8Array
}

type Pieces = readonly Uint8Array[]
type Make = (contentType: string) => RecordWriter

const RS = '\x1e'
const DOCKER_FRAMES = /^application\/vnd\.docker\.(?:multiplexed|raw)-stream/i
const ARRAY_START = Buffer.from('[')
const COMMA = Buffer.from(',')
const ARRAY_END = Buffer.from(']\n')
const NOTHING = Buffer.alloc(0)
/** Marks the state of a stream in an array. An event id cannot contain it. */
const IN_ARRAY = '\n'

/** The writer for a recorded framing. Records of an unknown framing are written unchanged. */
export function recordWriter(framing: string | undefined, contentType: string | undefined): RecordWriter {
  return new StreamWriter(framing, contentType ?? '')
}

/** Writes a stream in which each record can have its own framing. */
class StreamWriter implements RecordWriter {
  readonly #framing: string
  readonly #contentType: string
  readonly #writers = new Map<string, RecordWriter>()
  /** Whether the latest records are elements of a JSON array that is still open. */
  #isInArray = false

  constructor(framing = 'raw', contentType: string) {
    this.#framing = framing
    this.#contentType = contentType
  }

  /** Of the writers for a record, only that of events has a state. */
  get state(): string {
    return `${this.#isInArray ? IN_ARRAY : ''}${this.#writer('sse').state}`
  }

  set state(state: string) {
    this.#isInArray = state.startsWith(IN_ARRAY)
    this.#writer('sse').state = state.slice(this.#isInArray ? IN_ARRAY.length : 0)
  }

  write(event: MessageEvent | CommentEvent): Pieces | undefined {
    const { framing = this.#framing } = event.type === 'message' ? event : {}
    if (framing !== 'json-array') {
      const pieces = this.#writer(framing).write(event)
      if (pieces === undefined || !this.#isInArray) return pieces
      this.#isInArray = false
      return [ARRAY_END, ...pieces]
    }
    const before = this.#isInArray ? COMMA : ARRAY_START
    this.#isInArray = true
    return [before, event.payload]
  }

  end(): Uint8Array {
    const end = this.#writer(this.#framing).end?.() ?? NOTHING
    return this.#isInArray ? Buffer.concat([ARRAY_END, end]) : end
  }

  #writer(framing: string): RecordWriter {
    return getOrMake(this.#writers, framing, () => (WRITERS.get(framing) ?? raw)(this.#contentType))
  }
}

/** Writes records one by one: the bytes around a payload, and those that a truncated record lacks. */
function around(before: string, after: string): RecordWriter {
  const [start, end] = [Buffer.from(before), Buffer.from(after)]
  return {
    write(event) {
      if (event.type !== 'message') return undefined
      return event.truncated ? [start, event.payload] : [start, event.payload, end]
    },
  }
}

function raw(): RecordWriter {
  return around('', '')
}

function lengthPrefixed(contentType: string): RecordWriter {
  const isDocker = DOCKER_FRAMES.test(contentType)
  return {
    write(event) {
      if (event.type !== 'message') return undefined
      const head = Buffer.alloc(isDocker ? 8 : 4)
      // The stream of a Docker frame is not recorded: use standard output.
      if (isDocker) head[0] = 1
      head.writeUInt32BE(event.payload.length + (event.truncated ? 1 : 0), head.length - 4)
      return [head, event.payload]
    },
  }
}

/** RFC 2046 section 5.1. Each part has a length, so that it is complete with its last byte. */
function multipart(contentType: string): RecordWriter {
  const [, quoted, plain] = /;\s*boundary=(?:"([^"]+)"|([^\s;]+))/i.exec(contentType) ?? []
  const delimiter = `--${(quoted ?? plain ?? 'boundary').replace(/^--/, '')}`
  return {
    write(event) {
      if (event.type !== 'message') return undefined
      const length = event.payload.length + (event.truncated ? 1 : 0)
      const head = `${delimiter}\r\nContent-Type: ${typeOf(event.payload)}\r\nContent-Length: ${length}\r\n\r\n`
      return [Buffer.from(head), event.payload, Buffer.from(event.truncated ? '' : '\r\n')]
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
  ['raw', raw],
])

const CR = 0x0d
const LF = 0x0a
const LINE_END = Buffer.from('\n')
const EVENT_END = Buffer.from('\n\n')
const DATA = Buffer.from('data: ')
const COMMENT = Buffer.from(':')

/** HTML standard, 9.2.5 "Parsing an event stream". */
export class EventStreamWriter implements RecordWriter {
  /** The client's last event id. An event with another id sends it. */
  state = ''
  /** The `event` field of the last event type. */
  #type = { name: '', field: NOTHING }

  write(event: MessageEvent | CommentEvent): Pieces {
    const { payload } = event
    if (event.type === 'comment') return fields(COMMENT, payload, LINE_END)
    const pieces = fields(DATA, payload, event.truncated ? LINE_END : EVENT_END)
    const { event: name = '', id = '', sameId = false } = event
    if (name !== '' && name !== 'message') pieces.unshift(this.#typeField(name))
    if (!sameId && id !== this.state) pieces.unshift(this.#idField(id))
    return pieces
  }

  #idField(id: string): Buffer {
    // The standard ignores an id with a NUL, and an id with a line end cannot be sent.
    if (/[\0\r\n]/.test(id)) return NOTHING
    this.state = id
    return Buffer.from(`id: ${id}\n`)
  }

  #typeField(name: string): Buffer {
    if (this.#type.name !== name)
      this.#type = { name, field: /[\r\n]/.test(name) ? NOTHING : Buffer.from(`event: ${name}\n`) }
    return this.#type.field
  }
}

/** A field for each line of the value. `end` ends the last one. */
function fields(name: Buffer, value: Uint8Array, end: Buffer): Uint8Array[] {
  const pieces: Uint8Array[] = []
  for (let from = 0; ; ) {
    const to = lineEnd(value, from)
    if (to === value.length) {
      pieces.push(name, from === 0 ? value : value.subarray(from), end)
      return pieces
    }
    pieces.push(name, value.subarray(from, to), LINE_END)
    from = value[to] === CR && value[to + 1] === LF ? to + 2 : to + 1
  }
}

/** Position of the first line end at or after `from`, or the length. */
function lineEnd(bytes: Uint8Array, from: number): number {
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
