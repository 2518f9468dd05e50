/** Passes a stream on record by record through a gate, so that faults can act on each of them. Its body is framed anew. */
import { SseParser } from '../../parse/sse.ts'
import { isValidUtf8 } from '../../parse/utf8.ts'
import type { Headers } from '../../shared/headers.ts'
import { WireLog } from '../../transport/seen/wire-log.ts'
import type { ConnectionFaults } from '../faults/connection-faults.ts'
import type { GatedMessage, MessageGate } from '../message-gate.ts'
import type { RecordForm } from './record-form.ts'
import { RecordSplitter } from './record-splitter.ts'
import type { ResponseExit, ResponsePassage } from './response-passage.ts'
import { withPayload } from './with-payload.ts'

/** Faults do not act on longer records, nor on what follows them. Bytes. */
const MAX_RECORD = 1 << 20

type Parsed = Pick<GatedMessage['event'], 'payload' | 'event' | 'id'>

export class RecordPassage implements ResponsePassage {
  readonly #form: RecordForm
  readonly #exit: ResponseExit
  readonly #gate: MessageGate
  readonly #splitter: RecordSplitter
  readonly #wire = new WireLog()
  readonly #parser: SseParser
  #parsed: Parsed | undefined
  /** Bytes of the content before the next record. */
  #offset = 0
  #isTooLong = false
  /** Bytes that are no records, and wait behind records. */
  #waiting = 0
  #isGateFull = false
  #lastTime = 0

  constructor(form: RecordForm, faults: ConnectionFaults, exit: ResponseExit) {
    this.#form = form
    this.#exit = exit
    this.#splitter = new RecordSplitter(form.isEvents)
    this.#parser = new SseParser({ maxRecordSize: MAX_RECORD }, ({ kind, payload, event, id }) => {
      if (kind !== 'record') return
      this.#parsed = {
        payload: payload.slice(),
        ...(event !== undefined && { event }),
        ...(id !== undefined && id !== '' && { id }),
      }
    })
    this.#gate = faults.gate('in', {
      write: ({ bytes }, payload) => this.#write(this.#framed(bytes, payload)),
      record: ({ event, bytes }, done, payload) => this.#report(event, this.#framed(bytes, payload), done),
      pause: () => this.#setGateFull(true),
      resume: () => this.#setGateFull(false),
    })
  }

  head(bytes: Uint8Array): void {
    this.#exit.write(bytes)
  }

  /** The framing of the server is not passed on. */
  raw(): void {}

  content(bytes: Uint8Array, wireSize: number | undefined, time: number): void {
    this.#wire.add(bytes.length, wireSize)
    if (this.#isTooLong) {
      this.#passBehind(Uint8Array.from(bytes), time)
      return
    }
    for (const record of this.#splitter.push(bytes)) {
      this.#isTooLong ||= record.length > MAX_RECORD
      if (this.#isTooLong) this.#passBehind(record, time)
      else this.#take(record, time)
    }
    this.#isTooLong ||= this.#splitter.waiting > MAX_RECORD
    if (this.#isTooLong && this.#splitter.waiting > 0) this.#passBehind(this.#splitter.rest(), time)
  }

  end(trailers: Headers | undefined, time: number, over: (time: number) => void): void {
    const rest = this.#splitter.rest()
    // An event without a blank line after it is no event.
    if (this.#form.isEvents && rest.length > 0) this.#passBehind(rest, time)
    else if (rest.length > 0) this.#take(rest, time)
    this.#gate.behind(() => {
      if (this.#form.isChunked) this.#exit.write(Buffer.from(`0\r\n${trailerLines(trailers)}\r\n`, 'latin1'))
      over(Math.max(time, this.#lastTime))
    })
  }

  #take(bytes: Uint8Array, time: number): void {
    const parsed = this.#parse(bytes)
    if (parsed === undefined) {
      this.#passBehind(bytes, time)
      return
    }
    const wireSize = this.#span(bytes)
    const opcode = isValidUtf8(parsed.payload) ? 'text' : 'binary'
    this.#gate.take({
      event: {
        ...{ type: 'message', time, direction: 'in', opcode, ...parsed },
        ...(wireSize !== undefined && { wireSize }),
      },
      bytes,
    })
  }

  /** Undefined if the bytes are no message: a comment, or a blank line. */
  #parse(bytes: Uint8Array): Parsed | undefined {
    if (!this.#form.isEvents) {
      const payload = bytes.subarray(0, bytes.length - lineEnd(bytes))
      return payload.length === 0 ? undefined : { payload }
    }
    this.#parsed = undefined
    this.#parser.push(bytes)
    return this.#parsed
  }

  /** Passes on bytes that faults do not act on, in their place. */
  #passBehind(bytes: Uint8Array, time: number): void {
    this.#report({ time, wireSize: this.#span(bytes) }, bytes, [])
    this.#waiting += bytes.length
    this.#gate.behind(() => {
      this.#waiting -= bytes.length
      this.#write(bytes)
      this.#balance()
    })
    this.#balance()
  }

  #span({ length }: Uint8Array): number | undefined {
    const start = this.#offset
    this.#offset += length
    return this.#wire.span(start, this.#offset)
  }

  #setGateFull(isFull: boolean): void {
    this.#isGateFull = isFull
    this.#balance()
  }

  #balance(): void {
    this.#exit.pause(this.#isGateFull || this.#waiting > MAX_RECORD)
  }

  #framed(bytes: Uint8Array, payload: Uint8Array | undefined): Uint8Array {
    return payload === undefined ? bytes : withPayload(bytes, payload, this.#form.isEvents)
  }

  #report(
    { time, wireSize }: { readonly time: number; readonly wireSize?: number | undefined },
    bytes: Uint8Array,
    faults: readonly string[],
  ): void {
    this.#lastTime = Math.max(this.#lastTime, time)
    this.#exit.data({
      ...{ time: this.#lastTime, bytes },
      ...(wireSize !== undefined && { wireSize }),
      ...(faults.length > 0 && { faults }),
    })
  }

  #write(bytes: Uint8Array): void {
    if (bytes.length === 0) return
    const { isChunked } = this.#form
    this.#exit.write(
      isChunked ? Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, CRLF]) : bytes,
    )
  }
}

const CRLF = Buffer.from('\r\n')

/** Bytes of the end of a line: 0 if it has none. */
function lineEnd(bytes: Uint8Array): number {
  if (bytes.at(-1) !== 0x0a) return 0
  return bytes.at(-2) === 0x0d ? 2 : 1
}

function trailerLines(trailers: Headers = {}): string {
  return Object.entries(trailers)
    .flatMap(([name, value]) => [value].flat().map((each) => `${name}: ${each}\r\n`))
    .join('')
}
