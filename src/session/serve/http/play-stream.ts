/** Plays a recorded stream as the body of a response. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { IndexedRecording } from '../../../capture/recording.ts'
import type { Headers } from '../../../shared/event.ts'
import { field } from '../../../transport/http/fields.ts'
import type { Assignment } from '../attempt-queue.ts'
import { playBlocks, writeParts } from '../blocks/play-blocks.ts'
import type { Rewriting } from '../content/rewriting.ts'
import { hangUp } from '../end-connection.ts'
import { Pacer } from '../pacer.ts'
import { type PlayedEvent, playAttempt } from '../play-attempt.ts'
import {
  EventStreamWriter,
  type RecordWriter,
  recordPieces,
  recordWriter,
  retryField,
} from '../record-writers.ts'
import type { RecordedAttempt } from '../recorded-connection.ts'
import { servedFields, setServed } from '../response-headers.ts'
import type { Playback } from '../serve-options.ts'
import { chunkFraming } from './chunks.ts'
import { writeResponse } from './write-response.ts'

/** Where a client's stream starts in a connection. */
export interface Beginning extends Assignment {
  /** Events of the attempt that the client already has. */
  readonly skip: number
  /** The last event id of the client. Empty if it sends none. */
  readonly lastEventId: string
  /** Makes the response one to this client. */
  rewriting?(headers: Headers): Rewriting
}

/**
 * Plays the attempt to its end. Calls `ending` before it ends the response. Settles when the client has disconnected or
 * has received everything. Rejects if the recording cannot be read.
 */
export async function playStream(
  request: IncomingMessage,
  response: ServerResponse,
  { recorded, attempt, skip, lastEventId, isLast, rewriting }: Beginning,
  { source, playback }: { readonly source: IndexedRecording; readonly playback: Playback },
  ending: () => void,
): Promise<void> {
  // The client disconnected during the lookup of its resume position.
  if (response.closed) return
  const control = new AbortController()
  const { signal } = control
  const gone = new Promise<void>((resolve) => {
    response.on('close', () => {
      control.abort()
      resolve()
    })
  })
  const pacer = new Pacer(playback.speed, signal, playback.timers)
  try {
    const { open } = attempt
    pacer.setNow(0)
    await pacer.until(open?.timing?.firstByte ?? 0)
    const headers = open?.headers ?? {}
    const rewrite = rewriting?.(headers)
    setServed(request, response, { status: open?.status, headers: rewrite?.headers(headers) ?? headers })
    const isEvents = recorded.transport === 'sse'
    const chunked = isChunked(request, response)
    const trailers = chunked ? trailersOf(attempt) : []
    if (trailers.length > 0) response.setHeader('Trailer', trailers.map(([name]) => name).join(', '))
    if (isEvents && !response.hasHeader('content-type'))
      response.setHeader('Content-Type', 'text/event-stream')
    response.flushHeaders()
    const makeWriter = () => (isEvents ? new EventStreamWriter() : streamWriter(attempt))
    const writer: RecordWriter = makeWriter()
    if (isEvents) writer.state = lastEventId
    // With `retry`, the client reconnects when the recorded one did.
    if (isEvents && attempt.retry !== undefined) await writeResponse(response, retryField(attempt.retry))
    const total = attempt.runs.reduce((sum, { events }) => sum + events.length, 0)
    const pass = { attempt, pacer, signal, loop: playback.loop && isLast }
    const { socket } = response
    // A response behind another one on the same connection has no socket yet.
    if (playback.speed === Number.POSITIVE_INFINITY && chunked && socket !== null && rewrite === undefined)
      writer.state = await playBlocks({
        ...pass,
        blocks: playback.blocks.of(attempt, 'chunks', () => chunkFraming(makeWriter())),
        place: { skip, state: writer.state ?? '' },
        send: (chunks) => writeParts(socket, chunks),
      })
    else
      await playAttempt({
        ...pass,
        source,
        skip,
        isTimed: () => true,
        deliver: (event) => deliver(response, writer, rewritten(event, rewrite)),
      })
    // A client that already has everything stays connected, so that it does not reconnect again and again.
    const isOver = isLast && skip > 0 && skip === total
    if (attempt.end.kind === 'open' || isOver) await gone
    else await pacer.until(attempt.end.time)
    ending()
    if (attempt.end.kind === 'network') await hangUp(request.socket, attempt.end.reset)
    else {
      response.addTrailers(
        trailers.flatMap(([name, values]) => values.map((value): [string, string] => [name, value])),
      )
      response.end(writer.end?.())
    }
  } catch (thrown) {
    if (signal.aborted) return
    response.destroy()
    throw thrown
  }
  await gone
}

/** Whether the body is sent in chunks, which trailers can follow (RFC 9112 section 7.1). */
function isChunked({ method, httpVersion }: IncomingMessage, { statusCode }: ServerResponse): boolean {
  return httpVersion === '1.1' && method !== 'HEAD' && statusCode !== 204 && statusCode !== 304
}

function trailersOf({ end }: RecordedAttempt): [name: string, values: string[]][] {
  return end.kind === 'server' ? servedFields(end.trailers ?? {}) : []
}

function streamWriter({ open }: RecordedAttempt): RecordWriter {
  return recordWriter(open?.framing, field(open?.headers ?? {}, 'content-type'))
}

async function deliver(response: ServerResponse, writer: RecordWriter, event: PlayedEvent): Promise<void> {
  if (event.type !== 'message' && event.type !== 'comment') return
  const around = writer.surround(event, event.payload)
  if (around === undefined) return
  const bytes = Buffer.concat([...recordPieces(around, event.payload)])
  if (bytes.length > 0) await writeResponse(response, bytes)
}

function rewritten(event: PlayedEvent, rewrite: Rewriting | undefined): PlayedEvent {
  return event.type === 'message' ? (rewrite?.message(event) ?? event) : event
}
