/** Answers one request of a poll with a recorded response. */
import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { IndexedRecording } from '../../../capture/recording.ts'
import type { Headers, ResponseEvent } from '../../../shared/event.ts'
import { field } from '../../../transport/http/fields.ts'
import type { Rewriting } from '../content/rewriting.ts'
import { hangUp } from '../end-connection.ts'
import { Pacer } from '../pacer.ts'
import { playedEvent } from '../play-attempt.ts'
import type { Cycle, RecordedPoll } from '../recorded-connection.ts'
import { setServed } from '../response-headers.ts'
import type { Playback } from '../serve-options.ts'

export interface CyclePlayback {
  readonly source: IndexedRecording
  readonly playback: Playback
  readonly signal: AbortSignal
  /** Makes the response one to this client. */
  rewriting?(headers: Headers): Rewriting
}

/** Plays the response, held as long as it was. Rejects if the recording cannot be read, or with the signal. */
export async function playCycle(
  recorded: RecordedPoll,
  cycle: Cycle,
  request: IncomingMessage,
  response: ServerResponse,
  { source, playback: { speed, timers }, signal, rewriting }: CyclePlayback,
): Promise<void> {
  const pacer = new Pacer(speed, signal, timers)
  const { asked, brokenAt } = cycle
  pacer.setNow(asked)
  const head = headOf(source, cycle)
  if (head === undefined) {
    // The request was held until the recorded client left or the connection broke.
    if (brokenAt === undefined) await once(response, 'close')
    else await pacer.until(brokenAt)
    await hangUp(request.socket)
    return
  }
  const rewrite = rewriting?.(head.headers)
  const found = bodyOf(source, recorded, cycle, head)
  const body = found && { ...found, payload: rewrite?.body(found.payload) ?? found.payload }
  const held = head.held ?? head.time - asked
  await pacer.until(asked + (head.head ?? held))
  setServed(request, response, { ...head, headers: rewrite?.headers(head.headers) ?? head.headers })
  if (body !== undefined && field(head.headers, 'content-length') !== undefined)
    response.setHeader('Content-Length', body.payload.length)
  if (head.head !== undefined) response.flushHeaders()
  await pacer.until(asked + held)
  // From here on, use the times of the response: the request may have waited for a connection.
  pacer.setNow(head.time)
  if (brokenAt !== undefined) {
    response.flushHeaders()
    await pacer.until(brokenAt)
    await hangUp(request.socket)
    return
  }
  if (body !== undefined) {
    if (body.time > head.time) response.flushHeaders()
    await pacer.until(body.time)
  }
  response.end(body?.payload)
}

function headOf(source: IndexedRecording, { response }: Cycle): ResponseEvent | undefined {
  const event = response === undefined ? undefined : source.event(response)
  return event?.type === 'response' ? event : undefined
}

/** The recorded body. If the response had nothing new, the body was not recorded: use the previous one, if any. */
function bodyOf(
  source: IndexedRecording,
  { cycles }: RecordedPoll,
  cycle: Cycle,
  { status, empty, time, headers }: ResponseEvent,
): { payload: Uint8Array; time: number } | undefined {
  if (cycle.body !== undefined) {
    const event = playedEvent(source, cycle.body)
    return event && { payload: event.payload, time: event.time }
  }
  if (!empty || status !== 200 || field(headers, 'content-length') === '0') return undefined
  for (let number = cycles.indexOf(cycle) - 1; number >= 0; number--) {
    const body = cycles[number]?.body
    const event = body === undefined ? undefined : playedEvent(source, body)
    if (event !== undefined) return { payload: event.payload, time }
  }
  return undefined
}
