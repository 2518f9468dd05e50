/** Reads a response body as records, and emits each as an event as soon as it is complete. */
import type { RecordBatch, RecordParser, RecordSink, StreamRecord } from '../../parse/record.ts'
import { isValidUtf8 } from '../../parse/utf8.ts'
import type { TransportEvent } from '../../shared/event.ts'
import { UNKNOWN_SIZE } from '../../shared/event-columns.ts'
import { Failure, sentenceOf } from '../../shared/failure.ts'
import { type BodyEnd, type BodySink, type HttpResponse, readBody } from '../http/exchange.ts'
import { emitError } from '../report.ts'
import type { AttemptContext } from '../transport.ts'
import { isAlreadyEmitted } from './event-ids.ts'
import { endedInsideRecord } from './failures.ts'
import { LullWatch } from './lull-watch.ts'

export interface RecordSource {
  readonly response: HttpResponse
  /** Reads the body. Default: `readBody`. */
  readonly read?: (sink: BodySink) => Promise<BodyEnd>
}

export interface RecordHooks {
  /** Called before a record is emitted. */
  before?(record: StreamRecord, time: number): void
  /** Called after a record is emitted. */
  after?(record: StreamRecord, time: number): void
  /** Called after all records of a chunk are emitted. */
  afterChunk?(time: number): void
}

/**
 * Reads a body to its end. If the body is complete but ends inside a record, emits an `error` `TRUNCATED`. If the body
 * was cut off, the caller emits the error. The result also has the error that the stream names at its end, and the parser's remark about
 * what follows the last record.
 */
export async function emitRecords(
  context: AttemptContext,
  { response, read = (sink) => readBody(response, sink) }: RecordSource,
  makeParser: (sink: RecordSink, onBatch?: (batch: RecordBatch) => void) => RecordParser,
  hooks: RecordHooks = {},
): Promise<BodyEnd & { readonly remark?: string | undefined; readonly error?: string | undefined }> {
  let time = response.headTime
  let truncated: StreamRecord | undefined
  let failure: Failure | undefined
  /** The body was cut off, so a record that is delivered in pieces did not end with its last piece. */
  let isCutOff = false
  let watch: LullWatch | undefined
  const parser = makeParser(
    (parsed) => {
      if (context.signal.aborted) return
      const record = isCutOff && parsed.framing !== undefined ? { ...parsed, truncated: true } : parsed
      if (record.truncated) truncated = record
      const arrival = watch?.timeOf(parsed.end) ?? time
      hooks.before?.(record, arrival)
      emitRecord(context, response, record, arrival)
      hooks.after?.(record, arrival)
    },
    batchEmitter(context, response, () => time),
  )
  if (parser.lull !== undefined)
    watch = new LullWatch(parser, () => {
      try {
        parser.lull?.()
      } catch (thrown) {
        // Called by a timer, so nothing else would catch it.
        failure = thrown instanceof Failure ? thrown : new Failure('INTERNAL', sentenceOf(thrown))
        response.abort()
      }
      watch?.settle()
    })
  const bodyEnd = await read({
    data(bytes, arrival) {
      time = arrival
      watch?.arrived(bytes, arrival)
      try {
        parser.push(bytes)
      } finally {
        hooks.afterChunk?.(time)
      }
      watch?.settle()
    },
  })
  watch?.stop()
  const end: BodyEnd = failure === undefined ? bodyEnd : { complete: false, time: bodyEnd.time, failure }
  // Beyond a limit, the parser has no remainder to deliver.
  const isTooLarge = !end.complete && end.failure.code === 'TOO_LARGE'
  if (context.signal.aborted || isTooLarge) return end
  isCutOff = !end.complete
  truncated = undefined
  try {
    parser.end()
  } catch (thrown) {
    if (!(thrown instanceof Failure)) throw thrown
    return { complete: false, time: end.time, failure: thrown }
  }
  if (truncated !== undefined && end.complete) emitError(context, endedInsideRecord(truncated), end.time)
  const { remark, error, trailers } = parser
  if (!end.complete) return { ...end, remark }
  return { ...end, ...(trailers && { trailers: { ...trailers, ...end.trailers } }), remark, error }
}

/** Emits batches of records with their wire sizes; undefined if the context takes events one by one. */
function batchEmitter(
  context: AttemptContext,
  response: HttpResponse,
  time: () => number,
): ((batch: RecordBatch) => void) | undefined {
  const { emitBatch, signal } = context
  if (emitBatch === undefined) return undefined
  let wireSizes = new Uint32Array(0)
  let binary = new Uint8Array(0)
  return (batch) => {
    const { count, bytes, starts, sizes, from, to } = batch
    if (signal.aborted) return
    if (wireSizes.length < starts.length) {
      wireSizes = new Uint32Array(starts.length)
      binary = new Uint8Array(starts.length)
    }
    if (response.faultsIn?.(from[0] ?? 0, to[count - 1] ?? 0) !== undefined) {
      for (let index = 0; index < count; index++) {
        const start = starts[index] ?? 0
        const payload = bytes.subarray(start, start + (sizes[index] ?? 0))
        const span = { start: from[index] ?? 0, end: to[index] ?? 0 }
        emitRecord(
          context,
          response,
          { kind: 'record', payload, ...span, event: 'message', isText: true },
          time(),
        )
      }
      return
    }
    if (response.wireSpans?.(batch, wireSizes) !== true)
      for (let index = 0; index < count; index++)
        wireSizes[index] = response.wireSpan(from[index] ?? 0, to[index] ?? 0) ?? UNKNOWN_SIZE
    emitBatch({ time: time(), count, bytes, starts, sizes, wireSizes, binary, event: 'message' })
  }
}

type Writable<T> = { -readonly [K in keyof T]: T[K] }

function emitRecord(
  context: AttemptContext,
  response: HttpResponse,
  record: StreamRecord,
  time: number,
): void {
  const { kind, payload, event, id, ownId } = record
  if (kind === 'discarded') return
  if (kind === 'comment') {
    context.emit({ type: 'comment', time, payload })
    return
  }
  // Assigned rather than spread, because this runs for each record of a flood.
  const message: Writable<TransportEvent & { readonly type: 'message' }> = {
    type: 'message',
    time,
    direction: 'in',
    payload,
    opcode: record.isText || isValidUtf8(payload) ? 'text' : 'binary',
  }
  const wireSize = record.awaitsLf ? undefined : response.wireSpan(record.start, record.end)
  if (wireSize !== undefined) message.wireSize = wireSize
  const faults = response.faultsIn?.(record.start, record.end)
  if (faults !== undefined) message.faults = faults
  if (event !== undefined) message.event = event
  if (id !== undefined && id !== '') {
    const isKnown = isAlreadyEmitted(context.resume, id)
    if (isKnown && !ownId) message.sameId = true
    else message.id = id
  }
  if (record.framing !== undefined) message.framing = record.framing
  if (record.oddities !== undefined) message.oddities = record.oddities
  if (record.truncated) message.truncated = true
  context.emit(message)
}
