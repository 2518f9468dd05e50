/** The events of an entry of another program. Nothing is added that the entry does not contain. */
import type { Headers, MessageEvent, OpenEvent, RealtimeEvent } from '../../../shared/event.ts'
import type { TransportName } from '../../../shared/transports.ts'
import { framingIn } from './classify-entry.ts'
import type { ReadEntry } from './read-entry-fields.ts'
import { bodyMessages, payloadOf, type Timed, type Times } from './read-messages.ts'
import { requestBody } from './request-body.ts'
import { sessionTime } from './written-har.ts'

/** Statuses of responses without news: RFC 9110 sections 15.3.5, 15.3.6, 15.4.5 and 15.5.9. */
const EMPTY_STATUS: ReadonlySet<number> = new Set([204, 205, 304, 408])
function toHeaders(pairs: ReadEntry['request']['headers']): Headers {
  const headers: Record<string, string | string[]> = Object.create(null)
  for (const { name, value } of pairs) {
    const lower = name.toLowerCase()
    // Pseudo-header fields are not header fields (RFC 9113 section 8.3).
    if (lower.startsWith(':')) continue
    const before = headers[lower]
    if (before === undefined) headers[lower] = value
    else if (Array.isArray(before)) before.push(value)
    else headers[lower] = [before, value]
  }
  return { ...headers }
}

function toVersion(httpVersion: string): string {
  const version = httpVersion.toLowerCase().replace(/^http\//, '')
  return version === 'h2' || version === '2.0' ? '2' : version === 'h3' ? '3' : version
}

/** Session times and phases before the response head, in ms. */
function timesOf({ startedDateTime, time, timings }: ReadEntry, startedAt: Date): Times {
  const start = startedDateTime - startedAt.getTime()
  const { blocked, dns, connect, send, wait, receive } = timings
  const sum = (phases: readonly number[]) => phases.reduce((total, phase) => total + Math.max(phase, 0), 0)
  const head = start + sum([blocked, dns, connect, send, wait])
  return { start, head, end: Math.max(head + Math.max(receive, 0), start + Math.max(time, 0)) }
}

/** The first events of a connection. */
function connectEvent(
  entry: ReadEntry,
  connection: number,
  transport: TransportName,
  time: number,
): RealtimeEvent {
  const { method, url, headers } = entry.request
  const body = requestBody(entry)
  return {
    type: 'connect',
    connection,
    time,
    transport,
    url,
    attempt: 0,
    ...(transport === 'websocket' ? {} : { method }),
    headers: toHeaders(headers),
    ...(body === undefined ? {} : { body }),
  }
}

function openEvent(entry: ReadEntry, connection: number, transport: TransportName, time: number): OpenEvent {
  const { response, serverIPAddress, timings } = entry
  const headers = toHeaders(response.headers)
  const framing = transport === 'http-stream' ? framingIn(entry) : undefined
  const subprotocol = headers['sec-websocket-protocol']
  const { dns, connect, ssl, wait } = timings
  const tcp = connect < 0 ? connect : Math.max(connect - Math.max(ssl, 0), 0)
  const phases = Object.entries({ dns, tcp, tls: ssl, firstByte: wait }).filter(([, phase]) => phase >= 0)
  return {
    type: 'open',
    connection,
    time,
    transport,
    ...(response.status > 0 ? { status: response.status } : {}),
    headers,
    ...(response.httpVersion === '' ? {} : { httpVersion: toVersion(response.httpVersion) }),
    ...(typeof subprotocol === 'string' ? { subprotocol } : {}),
    ...(serverIPAddress === '' ? {} : { remoteAddress: serverIPAddress }),
    ...(phases.length === 0 ? {} : { timing: Object.fromEntries(phases) }),
    ...(framing === undefined ? {} : { framing }),
  }
}

function now(event: RealtimeEvent): Timed {
  return { time: event.time, event: () => event }
}

/** The events of an entry before and after those of its list. */
export interface EntryEvents {
  readonly before: readonly Timed[]
  readonly after: readonly Timed[]
}

/** Session times that the messages of a list can have, and what is known of them. */
export interface ListTimes {
  readonly count: number
  /** The earliest time, in ms. Infinity if there is none. */
  readonly earliest: number
  /** Whether some have no time. They get the time of the response head. */
  readonly hasUntimed: boolean
  readonly hasClose: boolean
}

/** A WebSocket or a stream: one connection with one attempt. `list` is undefined if the messages are in the body. */
export function attemptEvents(
  entry: ReadEntry,
  connection: number,
  transport: TransportName,
  startedAt: Date,
  list: ListTimes | undefined,
): EntryEvents {
  const { start, head, end } = timesOf(entry, startedAt)
  const inBody =
    list !== undefined || transport === 'websocket'
      ? []
      : bodyMessages(entry, connection, transport === 'sse', end)
  const count = list?.count ?? inBody.length
  const listed = Math.min(
    list?.earliest ?? Number.POSITIVE_INFINITY,
    list?.hasUntimed ? head : Number.POSITIVE_INFINITY,
  )
  const first = inBody[0] === undefined ? listed : end
  const opened = Math.min(head, first)
  const { status, _error } = entry.response
  const isSuccess = status >= 200 && status < 300
  // Over HTTP/2, a WebSocket opens by a 2xx (RFC 8441 section 5).
  const isTunnel = isSuccess && toVersion(entry.response.httpVersion).startsWith('2')
  const isOpen = transport === 'websocket' ? status === 101 || isTunnel || count > 0 : isSuccess
  const before = [now(connectEvent(entry, connection, transport, Math.min(start, opened)))]
  if (isOpen) before.push(now(openEvent(entry, connection, transport, opened)))
  const after = [...inBody]
  const failed = failure(entry, connection, isOpen, _error, Math.max(end, start))
  if (failed !== undefined) after.push(now(failed))
  const close = closeEvent(entry, connection, end, startedAt)
  if (close !== undefined && list?.hasClose !== true) after.push(now(close))
  return { before, after }
}

/** The session time of the response head, in ms. */
export function headTime(entry: ReadEntry, startedAt: Date): number {
  return timesOf(entry, startedAt).head
}

/** The body of a poll, or of a stream, as this program wrote it. */
export function ownBodyEvents(
  entry: ReadEntry,
  connection: number,
  transport: TransportName,
): readonly Timed[] {
  if (transport === 'websocket') return []
  if (transport !== 'poll') return bodyMessages(entry, connection, transport === 'sse', 0)
  const time = entry._realtimeInspector?.answered
  if (time === undefined) return []
  const event = (): RealtimeEvent => ({
    ...{ type: 'message', connection, time, direction: 'in' },
    ...payloadOf(entry),
  })
  return [{ time, event }]
}

function failure(
  { response: { status } }: ReadEntry,
  connection: number,
  isOpen: boolean,
  said: string,
  time: number,
): RealtimeEvent | undefined {
  if (said !== '') return { type: 'error', connection, time, code: 'RECORDED', message: said }
  if (isOpen) return undefined
  const code = status > 0 ? 'HTTP_STATUS' : 'NO_RESPONSE'
  const message =
    status > 0
      ? `The server answered with status ${status}.`
      : 'The recording has no response to this request.'
  return { type: 'error', connection, time, code, message, ...(status > 0 ? { status } : {}) }
}

/** HTTP Toolkit's close. It does not say who closed, so the server is assumed. */
function closeEvent(
  { _webSocketClose: close }: ReadEntry,
  connection: number,
  end: number,
  startedAt: Date,
): RealtimeEvent | undefined {
  if (close === undefined) return undefined
  if (close === 'aborted') return { type: 'close', connection, time: end, code: 1006, by: 'network' }
  const { code, reason, timestamp } = close
  const time = timestamp === undefined ? end : sessionTime(startedAt, timestamp)
  return { type: 'close', connection, time, code, by: 'server', ...(reason === '' ? {} : { reason }) }
}

/** One cycle of a poll. The first one also starts the connection. */
export function cycleEvents(
  entry: ReadEntry,
  connection: number,
  isFirst: boolean,
  startedAt: Date,
): Timed[] {
  const { start, head, end } = timesOf(entry, startedAt)
  const { status, headers } = entry.response
  const events: Timed[] = []
  if (isFirst) events.push(now(connectEvent(entry, connection, 'poll', start)))
  const { url, headers: requestHeaders } = entry.request
  events.push(now({ type: 'request', connection, time: start, url, headers: toHeaders(requestHeaders) }))
  const sent = requestBody(entry)
  if (sent !== undefined) {
    const payload = typeof sent === 'string' ? Buffer.from(sent) : Buffer.from(sent.base64, 'base64')
    events.push(now({ type: 'message', connection, time: start, direction: 'out', payload }))
  }
  if (status <= 0) {
    const failed = failure(entry, connection, false, entry.response._error, end)
    return failed === undefined ? events : [...events, now(failed)]
  }
  const { text = '', size } = entry.response.content
  const hasNoBody = text === '' && (entry.response.content.text !== undefined || size <= 0)
  const empty = EMPTY_STATUS.has(status) || hasNoBody
  if (isFirst && status < 400) events.push(now(openEvent(entry, connection, 'poll', head)))
  events.push(
    now({
      type: 'response',
      connection,
      time: head,
      status,
      headers: toHeaders(headers),
      held: Math.max(head - start, 0),
      empty,
    }),
  )
  const message = (): MessageEvent => ({
    ...{ type: 'message', connection, time: end, direction: 'in' },
    ...payloadOf(entry),
  })
  if (!empty) events.push({ time: end, event: message })
  return events
}
