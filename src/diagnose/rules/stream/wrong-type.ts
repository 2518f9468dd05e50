/** Streams whose head does not say what they are, so that browsers refuse them or wait for their end. */
import { headerOf } from '../../../decode/facts.ts'
import { plural } from '../../../shared/text/quantities.ts'
import type { ObservedConnection } from '../../observed-connection.ts'
import { connectionRule, type Found, type RuleRun } from '../../rule.ts'
import type { RuleEvent } from '../../rule-event.ts'

const EVENT_STREAM = 'text/event-stream'
/** Records that are looked at, and how many must agree. */
const LOOKED_AT = 20
const AGREEING = 3
/** Types of texts that a server sends if it does not set one, or sets one that says nothing about records. */
const UNSPECIFIC: ReadonlySet<string> = new Set(['', 'text/plain', 'text/html', 'application/octet-stream'])
/** Bytes of a record that are looked at. */
const MAX_BYTES = 64 * 1024

/** A line of an event stream (HTML standard, section 9.2.5). */
const STREAM_LINE = /^(data|event|id|retry)(:|$)|^:/
const HTML = 'https://html.spec.whatwg.org/multipage/server-sent-events.html'
const SOURCE = {
  title: 'HTML standard, section 9.2.3 (Content-Type of an event stream)',
  url: `${HTML}#sse-processing-model`,
}

class ContentTypes implements RuleRun {
  readonly #connection: ObservedConnection
  #open: { readonly time: number; readonly number: number } | undefined
  /** Records without empty ones, lines of an event stream with and without data, and JSON objects. */
  #records = 0
  #lines = 0
  #data = 0
  #objects = 0

  constructor(connection: ObservedConnection) {
    this.#connection = connection
  }

  add(event: RuleEvent): void {
    if (event.type === 'open') this.#open ??= { time: event.time, number: event.number }
    else if (this.#records < LOOKED_AT && this.#isUnspecific && event.size > 0 && event.size <= MAX_BYTES)
      this.#look(event)
  }

  get #isUnspecific(): boolean {
    return this.#connection.transport === 'http-stream' && UNSPECIFIC.has(this.#type.essence)
  }

  get #type(): { readonly whole: string; readonly essence: string; readonly charset: string | undefined } {
    const whole = headerOf(this.#connection.headers, 'content-type') ?? ''
    const [essence = ''] = whole.split(';')
    const charset = /;\s*charset="?([^\s;"]+)/i.exec(whole)?.[1]
    return { whole, essence: essence.trim().toLowerCase(), charset }
  }

  #look(event: RuleEvent): void {
    this.#records++
    if (event.json !== undefined) this.#objects++
    const { full } = event
    if (event.json !== undefined || full.type !== 'message') return
    const text = new TextDecoder().decode(full.payload)
    if (!text.split(/\r\n|\r|\n/).every((line) => line === '' || STREAM_LINE.test(line))) return
    this.#lines++
    if (/^data:/m.test(text)) this.#data++
  }

  findings(): Found[] {
    if (this.#open === undefined) return []
    const { transport } = this.#connection
    return transport === 'sse'
      ? [...this.#charset(), ...this.#length()]
      : [...this.#stream(), ...this.#lists()]
  }

  #found(found: Pick<Found, 'severity' | 'title' | 'message' | 'advice'> & Partial<Found>): Found {
    const { time = 0, number = 0 } = this.#open ?? {}
    const { whole } = this.#type
    return {
      from: time,
      to: time,
      events: [number + 1],
      evidence: { 'Content-Type': whole || 'none' },
      ...found,
    }
  }

  #charset(): Found[] {
    const { charset } = this.#type
    if (charset === undefined || /^utf-?8$/i.test(charset)) return []
    return [
      this.#found({
        severity: 'warning',
        title: `The event stream says that it is ${charset}`,
        message: `${this.#connection.name} says charset=${charset}. Browsers decode event streams as UTF-8, whatever the head says.`,
        advice: `Encode the stream as UTF-8, and send Content-Type: ${EVENT_STREAM}.`,
      }),
    ]
  }

  /** A body whose length is known at its start is not a stream. One that answers a POST may be complete at once. */
  #length(): Found[] {
    const { headers, method = 'GET', name } = this.#connection
    const length = headerOf(headers, 'content-length')
    if (length === undefined || method !== 'GET') return []
    return [
      this.#found({
        severity: 'info',
        title: `The event stream has a Content-Length of ${length}`,
        message: `The head of ${name} says that the stream ends after ${length} bytes: the server, or something before it, waited for its end.`,
        advice: 'Write events as they happen, without a Content-Length.',
        evidence: { 'Content-Length': length },
        source: {
          title: 'RFC 9110, section 8.6 (Content-Length)',
          url: 'https://www.rfc-editor.org/rfc/rfc9110#section-8.6',
        },
      }),
    ]
  }

  /** An event stream under another type. */
  #stream(): Found[] {
    if (this.#data === 0 || this.#lines < AGREEING || this.#lines < this.#records) return []
    const { whole } = this.#type
    return [
      this.#found({
        severity: 'warning',
        title: `An event stream without the type ${EVENT_STREAM}`,
        message: `${plural(this.#lines, 'record')} of ${this.#connection.name}, all that were looked at, are lines of an event stream, but its Content-Type is ${whole || 'missing'}. An EventSource refuses it.`,
        advice: `Send Content-Type: ${EVENT_STREAM}.`,
        confidence: `each of the first ${plural(this.#lines, 'record')} is data, event, id, retry or a comment`,
      }),
    ]
  }

  /** Lines of JSON under a type that says text. */
  #lists(): Found[] {
    if (this.#objects < AGREEING || this.#objects < this.#records) return []
    const { whole } = this.#type
    return [
      this.#found({
        severity: 'info',
        title: 'Lines of JSON without a type that says so',
        message: `${plural(this.#objects, 'record')} of ${this.#connection.name}, all that were looked at, are JSON, but its Content-Type is ${whole || 'missing'}. Clients cannot tell from it that each line is a record.`,
        advice: 'Send Content-Type: application/x-ndjson.',
        confidence: `each of the first ${plural(this.#objects, 'record')} is a JSON object or array`,
        source: {
          title: 'NDJSON specification, section 3.3 (media type)',
          url: 'https://github.com/ndjson/ndjson-spec#33-mediatype-and-file-extensions',
        },
      }),
    ]
  }
}

export const wrongType = connectionRule({
  name: 'wrong-type',
  about: 'Streams whose head does not say what they are',
  takes: ['open', 'message'],
  readsPayloads: true,
  transports: ['sse', 'http-stream'],
  source: SOURCE,
  start: (connection) => new ContentTypes(connection),
})
