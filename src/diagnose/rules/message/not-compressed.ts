/**
 * Large texts are sent as they are, although the client offered to decompress. How much compression would save is measured: a
 * few of the messages are compressed.
 */
import { deflateRawSync } from 'node:zlib'
import { headerOf } from '../../../decode/facts.ts'
import { byteCount, plural } from '../../../shared/text/quantities.ts'
import type { ObservedConnection } from '../../observed-connection.ts'
import { connectionRule, type Found, type RuleContext, type RuleRun } from '../../rule.ts'
import type { RuleEvent } from '../../rule-event.ts'
import { MAX_EVENTS } from '../latest.ts'

/** Bytes of large messages from which compression is worth a word. */
const LEAST_BYTES = 50_000
/** Messages that are compressed to see what it saves, and bytes of each: a millisecond or two in all. */
const MAX_SAMPLES = 8
const SAMPLE_SIZE = 16 * 1024
/** Share of the bytes that compression has to save. */
const WORTHWHILE = 0.4

class NotCompressed implements RuleRun {
  readonly #connection: ObservedConnection
  readonly #threshold: number
  readonly #events: number[] = []
  /** Whether the client's handshake offers permessage-deflate; undefined if that is not known. */
  #offers: boolean | undefined
  /** Large texts. */
  #count = 0
  #bytes = 0
  #from = 0
  #to = 0
  #samples = 0
  #sampled = 0
  #deflated = 0

  constructor(connection: ObservedConnection, { threshold }: RuleContext) {
    this.#connection = connection
    this.#threshold = threshold
  }

  add(event: RuleEvent): void {
    if (event.type === 'connect') {
      if (event.full.type === 'connect') this.#offers ??= event.full.compression
      return
    }
    const { size, isBinary, isOut, isCompressed, time, number } = event
    if (isOut || isBinary || isCompressed || size < this.#threshold) return
    if (this.#count === 0) this.#from = time
    this.#to = time
    this.#count++
    this.#bytes += size
    if (this.#events.length < MAX_EVENTS) this.#events.push(number + 1)
    if (this.#samples < MAX_SAMPLES) this.#sample(event)
  }

  #sample({ full }: RuleEvent): void {
    if (full.type !== 'message' || full.payload.length === 0) return
    const part = full.payload.subarray(0, SAMPLE_SIZE)
    this.#samples++
    this.#sampled += part.length
    this.#deflated += deflateRawSync(part).length
  }

  findings(): Found[] {
    const saved = this.#sampled === 0 ? 0 : 1 - this.#deflated / this.#sampled
    if (this.#bytes < LEAST_BYTES || saved < WORTHWHILE || !this.#couldBe()) return []
    const percent = Math.round(100 * saved)
    const isSocket = this.#connection.transport === 'websocket'
    const what = isSocket ? 'without permessage-deflate' : 'without Content-Encoding'
    const save = Math.round(saved * this.#bytes)
    return [
      {
        severity: 'info',
        from: this.#from,
        to: this.#to,
        events: [...this.#events],
        title: `${byteCount(this.#bytes)} of text ${this.#count === 1 ? 'was' : 'were'} not compressed`,
        message: `${plural(this.#count, 'text')} on ${this.#connection.name}, ${byteCount(this.#bytes)} in all, came ${what}, which the client had offered. Compressed on their own, ${this.#samples} of them were ${percent} % smaller.`,
        advice: isSocket
          ? 'Turn permessage-deflate on for messages from about 1 kB on, if the processor time and the memory for each connection are there.'
          : 'Let the server compress the stream, and flush its compressor after each event, or events wait in it.',
        evidence: { messages: this.#count, bytes: this.#bytes, samples: this.#samples, saved },
        confidence: `from ${plural(this.#samples, 'sample')} of up to ${byteCount(SAMPLE_SIZE)}`,
        chart: {
          kind: 'bars',
          unit: 'bytes',
          bars: [
            { label: 'as sent', value: this.#bytes, tone: 'wrong' },
            { label: 'compressed, about', value: this.#bytes - save },
          ],
        },
      },
    ]
  }

  /** Whether the client offered compression and the server did not take it. */
  #couldBe(): boolean {
    const { transport, extensions, requestHeaders, headers, isOwn } = this.#connection
    if (transport !== 'websocket') {
      const accepted = headerOf(requestHeaders, 'accept-encoding')
      return (
        accepted !== undefined &&
        /gzip|deflate|br|zstd/.test(accepted) &&
        headerOf(headers, 'content-encoding') === undefined
      )
    }
    if (extensions?.includes('permessage-deflate') === true) return false
    const offered = headerOf(requestHeaders, 'sec-websocket-extensions')
    if (offered !== undefined) return offered.includes('permessage-deflate')
    return isOwn && this.#offers === true
  }
}

export const notCompressed = connectionRule({
  name: 'not-compressed',
  about: 'Large texts that are sent without compression',
  takes: ['connect', 'message'],
  transports: ['websocket', 'sse', 'http-stream'],
  readsPayloads: true,
  threshold: { value: 1000, unit: 'bytes', about: 'Size of a text from which compression helps' },
  source: {
    title: 'RFC 7692 (compression extensions for WebSocket)',
    url: 'https://www.rfc-editor.org/rfc/rfc7692',
  },
  start: (connection, context) => new NotCompressed(connection, context),
})
