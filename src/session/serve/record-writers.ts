/** Writes records in the framing of their stream: the inverse of the parsers. */

import type { CommentEvent, MessageEvent } from '../../shared/event.ts'
import { getOrMake } from '../../shared/maps.ts'
import { MAX_TIMER_DELAY } from '../../shared/timer-delay.ts'

export interface RecordWriter {
  /** The bytes of an event. Undefined if this framing cannot represent it. */
  write(event: MessageEvent | CommentEvent): Uint8Array | undefined
  /** The bytes that end a stream. */
  end?(): Uint8Array
}

type Make = (contentType: string) => RecordWriter

const RS = '\x1e'
const DOCKER_FRAMES = /^application\/vnd\.docker\.(?:multiplexed|raw)-stream/i

/** The writer for a recorded framing. Records of an unknown framing are written unchanged. */
export function recordWriter(
  framing: string | undefined,
  contentType: string | undefined,
): Required<RecordWriter> {
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

  write(event: MessageEvent | CommentEvent): Uint8Array | undefined {
    const { framing = this.#framing } = event.type === 'message' ? event : {}
    if (framing !== 'json-array') {
      const bytes = this.#writer(framing).write(event)
      return bytes !== undefined && this.#isInArray ? Buffer.concat([this.#closeArray(), bytes]) : bytes
    }
    const before = this.#isInArray ? ',' : '['
    this.#isInArray = true
    return Buffer.concat([Buffer.from(before), event.payload])
  }

  end(): Uint8Array {
    return Buffer.concat([this.#closeArray(), this.#writer(this.#framing).end?.() ?? Buffer.alloc(0)])
  }

  #closeArray(): Uint8Array {
    const bytes = Buffer.from(this.#isInArray ? ']\n' : '')
    this.#isInArray = false
    return bytes
  }

  #writer(framing: string): RecordWriter {
    return getOrMake(this.#writers, framing, () => (WRITERS.get(framing) ?? raw)(this.#contentType))
  }
}

/** Writes records one by one: the bytes around a payload, and those that a truncated record lacks. */
function around(before: string, after: string): RecordWriter {
  return {
    write: (event) =>
      event.type === 'message'
        ? Buffer.concat([Buffer.from(before), event.payload, Buffer.from(event.truncated ? '' : after)])
        : undefined,
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
      return Buffer.concat([head, event.payload])
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
      return Buffer.concat([Buffer.from(head), event.payload, Buffer.from(event.truncated ? '' : '\r\n')])
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
  ['sse', () => new EventStreamWriter('')],
  ['raw', raw],
])

/** HTML standard, 9.2.5 "Parsing an event stream". */
export class EventStreamWriter implements RecordWriter {
  /** The client's last event id. An event with another id sends it. */
  #lastEventId: string

  constructor(lastEventId: string) {
    this.#lastEventId = lastEventId
  }

  write(event: MessageEvent | CommentEvent): Uint8Array {
    const payload = Buffer.from(event.payload).toString()
    if (event.type === 'comment') return Buffer.from(field(':', payload))
    return Buffer.from(
      (event.sameId === true ? '' : this.#id(event.id ?? '')) +
        type(event.event) +
        field('data: ', payload) +
        (event.truncated ? '' : '\n'),
    )
  }

  #id(id: string): string {
    // The standard ignores an id with a NUL, and an id with a line end cannot be sent.
    if (id === this.#lastEventId || /[\0\r\n]/.test(id)) return ''
    this.#lastEventId = id
    return `id: ${id}\n`
  }
}

/** The `retry` field with the reconnection time in milliseconds, in digits only (HTML standard, 9.2.6). */
export function retryField(delay: number): Uint8Array {
  return Buffer.from(`retry: ${Math.round(Math.min(delay, MAX_TIMER_DELAY))}\n\n`)
}

function type(event: string | undefined): string {
  return event === undefined || event === 'message' || event === '' || /[\r\n]/.test(event)
    ? ''
    : `event: ${event}\n`
}

/** One field for each line of the value. */
function field(prefix: string, value: string): string {
  return value
    .split(/\r\n|\r|\n/)
    .map((line) => `${prefix}${line}\n`)
    .join('')
}
