/**
 * The words that a request line can begin with. To add one, add a row: reading, printing, completion and hovers derive from
 * this table.
 */
import type { TransportName } from '../../shared/transports.ts'

export interface RequestMethod {
  readonly transport: TransportName | 'auto'
  /** The HTTP method. Absent if the keyword does not say it: GET, or POST with a body. */
  readonly http?: string
  /** The tools that run such requests, if this one does not. */
  readonly runBy?: string
  /** What a request with this keyword does, as a sentence without a period. */
  readonly hint: string
}

const HTTP = (http: string): RequestMethod => ({
  transport: 'auto',
  http,
  hint: `Sends a ${http} request. The response decides how it is read; with Accept: text/event-stream, it is read as Server-Sent Events`,
})
const OTHER = (what: string, runBy: string): RequestMethod => ({
  transport: 'auto',
  runBy,
  hint: `${what}. It runs in ${runBy}, not here`,
})
const WEBSOCKET: RequestMethod = {
  transport: 'websocket',
  hint: 'Opens a WebSocket, and sends the messages between lines with ===',
}
const SSE: RequestMethod = { transport: 'sse', hint: 'Reads Server-Sent Events' }

/** By keyword, in capitals. The first keyword of a transport is the one that is written. */
export const METHODS = {
  WEBSOCKET,
  WS: WEBSOCKET,
  WSS: WEBSOCKET,
  SSE,
  EVENTSOURCE: SSE,
  LONGPOLL: { transport: 'long-poll', hint: 'Long polling: each request waits for news' },
  POLL: { transport: 'poll', hint: 'Polling: repeats the request at an interval' },
  STREAM: { transport: 'http-stream', hint: 'Reads the records of an HTTP response that does not end' },
  GET: HTTP('GET'),
  POST: HTTP('POST'),
  PUT: HTTP('PUT'),
  PATCH: HTTP('PATCH'),
  DELETE: HTTP('DELETE'),
  HEAD: HTTP('HEAD'),
  OPTIONS: HTTP('OPTIONS'),
  GRAPHQL: OTHER('A GraphQL request', 'JetBrains and httpYac'),
  GRPC: OTHER('A gRPC call', 'JetBrains and httpYac'),
  MQTT: OTHER('An MQTT session', 'httpYac'),
  AMQP: OTHER('An AMQP session', 'httpYac'),
  RSOCKET: OTHER('An RSocket request', 'JetBrains'),
} as const satisfies Readonly<Record<string, RequestMethod>>

export type MethodKeyword = keyof typeof METHODS
export const METHOD_KEYWORDS = Object.keys(METHODS) as readonly MethodKeyword[]

/** The row of a keyword in any case. Undefined for another word. */
export function methodOf(word: string): RequestMethod | undefined {
  const keyword = word.toUpperCase()
  return Object.hasOwn(METHODS, keyword) ? METHODS[keyword as MethodKeyword] : undefined
}

/** The keyword to write for a transport. Undefined for `auto`. */
export function keywordOf(transport: TransportName | 'auto'): MethodKeyword | undefined {
  return transport === 'auto'
    ? undefined
    : METHOD_KEYWORDS.find((keyword) => METHODS[keyword].transport === transport)
}
