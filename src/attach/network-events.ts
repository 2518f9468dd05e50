/** The events of the domain Network of the Chrome DevTools Protocol, as far as they are used. Their names are the protocol's. */
import * as v from 'valibot'

const FRAME = v.object({
  functionName: v.string(),
  scriptId: v.string(),
  url: v.string(),
  /** Both count from 0. */
  lineNumber: v.number(),
  columnNumber: v.number(),
})

/** Asynchronous parts of a stack trace that are read. */
const MAX_PARENTS = 8

export interface StackTrace {
  readonly callFrames: readonly v.InferOutput<typeof FRAME>[]
  readonly parent?: StackTrace | undefined
}

/** The frames of a stack trace from the innermost, with those that started its asynchronous parts. */
export function framesOf(stack: StackTrace | undefined): readonly v.InferOutput<typeof FRAME>[] {
  const { callFrames = [], parent } = stack ?? {}
  return parent === undefined ? callFrames : [...callFrames, ...framesOf(parent)]
}

const STACK: v.GenericSchema<unknown, StackTrace> = stackSchema(MAX_PARENTS)

function stackSchema(depth: number): v.GenericSchema<unknown, StackTrace> {
  const callFrames = v.array(FRAME)
  return depth === 0
    ? v.object({ callFrames })
    : v.object({ callFrames, parent: v.optional(stackSchema(depth - 1)) })
}

const INITIATOR = v.object({ type: v.string(), stack: v.optional(STACK) })
const FIELDS = v.record(v.string(), v.string())
const requestId = v.string()
/** Seconds on the program's monotonic clock. One that is not finite, or absurd, would spoil the times of all that follows. */
export const TIMESTAMP = v.pipe(v.number(), v.minValue(0), v.maxValue(1e15))
const timestamp = TIMESTAMP

const RESPONSE = v.object({
  url: v.string(),
  status: v.number(),
  headers: FIELDS,
  mimeType: v.optional(v.string(), ''),
  protocol: v.optional(v.string()),
  remoteIPAddress: v.optional(v.string()),
  securityDetails: v.optional(
    v.object({ protocol: v.string(), cipher: v.string(), validTo: v.optional(v.number()) }),
  ),
  timing: v.optional(
    v.object({
      dnsStart: v.number(),
      dnsEnd: v.number(),
      connectStart: v.number(),
      connectEnd: v.number(),
      sslStart: v.number(),
      sslEnd: v.number(),
      sendStart: v.number(),
      receiveHeadersStart: v.optional(v.number()),
    }),
  ),
})

const WEB_SOCKET_FRAME = v.object({
  requestId,
  timestamp,
  response: v.object({ opcode: v.number(), payloadData: v.string() }),
})

export const NETWORK_EVENTS = {
  'Network.webSocketCreated': v.object({ requestId, url: v.string(), initiator: v.optional(INITIATOR) }),
  'Network.webSocketWillSendHandshakeRequest': v.object({
    requestId,
    timestamp,
    request: v.object({ headers: FIELDS }),
  }),
  'Network.webSocketHandshakeResponseReceived': v.object({
    requestId,
    timestamp,
    response: v.object({ status: v.number(), headers: FIELDS }),
  }),
  'Network.webSocketFrameSent': WEB_SOCKET_FRAME,
  'Network.webSocketFrameReceived': WEB_SOCKET_FRAME,
  'Network.webSocketFrameError': v.object({ requestId, timestamp, errorMessage: v.string() }),
  'Network.webSocketClosed': v.object({ requestId, timestamp }),
  'Network.requestWillBeSent': v.object({
    requestId,
    timestamp,
    loaderId: v.optional(v.string(), ''),
    documentURL: v.optional(v.string(), ''),
    type: v.optional(v.string(), 'Other'),
    request: v.object({
      url: v.string(),
      method: v.string(),
      headers: FIELDS,
      hasPostData: v.optional(v.boolean(), false),
      postData: v.optional(v.string()),
      postDataEntries: v.optional(v.array(v.object({ bytes: v.optional(v.string()) }))),
    }),
    initiator: v.optional(INITIATOR),
    redirectResponse: v.optional(RESPONSE),
  }),
  'Network.requestWillBeSentExtraInfo': v.object({ requestId, headers: FIELDS }),
  'Network.responseReceived': v.object({
    requestId,
    timestamp,
    type: v.optional(v.string(), 'Other'),
    response: RESPONSE,
    hasExtraInfo: v.optional(v.boolean(), false),
  }),
  'Network.responseReceivedExtraInfo': v.object({
    requestId,
    headers: FIELDS,
    statusCode: v.optional(v.number()),
  }),
  'Network.dataReceived': v.object({
    requestId,
    timestamp,
    dataLength: v.number(),
    data: v.optional(v.string()),
  }),
  'Network.eventSourceMessageReceived': v.object({
    requestId,
    timestamp,
    eventName: v.string(),
    eventId: v.string(),
    data: v.string(),
  }),
  'Network.loadingFinished': v.object({ requestId, timestamp }),
  'Network.loadingFailed': v.object({
    requestId,
    timestamp,
    errorText: v.optional(v.string(), ''),
    canceled: v.optional(v.boolean(), false),
  }),
} as const

export type NetworkEvents = {
  readonly [Name in keyof typeof NETWORK_EVENTS]: v.InferOutput<(typeof NETWORK_EVENTS)[Name]>
}

export type CallFrame = v.InferOutput<typeof FRAME>
export type NetworkResponse = v.InferOutput<typeof RESPONSE>
