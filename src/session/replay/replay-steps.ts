/** What a replay of a session opens: its recorded connections, and single requests of those that others recorded. */
import type { ConnectEvent, Headers, OpenEvent, ResponseEvent } from '../../shared/event.ts'
import { Failure } from '../../shared/failure.ts'
import type { ConnectionSpec } from '../../shared/spec.ts'
import { isPolling, schemeOf } from '../../shared/transports.ts'
import type { RecordedCycle, RecordedTraffic } from './recorded-traffic.ts'
import type { Script } from './script.ts'

interface Step {
  /** Number of the recorded connection. */
  readonly connection: number
  /** Session time at which the recorded connection started. */
  readonly time: number
  /** Number of inbound messages of the session before that. */
  readonly answersBefore: number
  /** The longest time without a message, in ms. */
  readonly longestSilence: number
  /** Session time at which the recorded connection ended; undefined if that is not known. */
  readonly endedAt: number | undefined
}

/** A WebSocket. */
interface SocketStep extends Step {
  readonly kind: 'socket'
  readonly script: Script
}

/** A request over HTTP: a stream, a poll, or a request of its own. */
export interface RequestStep extends Step {
  readonly kind: 'request'
  /** Number of the event with the request. */
  readonly number: number
  readonly connect: ConnectEvent
  readonly method: string | undefined
  readonly url: string
  readonly headers: Headers
  readonly body: ConnectionSpec['body']
  /** Number of the event with the body. */
  readonly bodyNumber: number
  /** The head of the first response. */
  readonly response: OpenEvent | ResponseEvent | undefined
  /** Number of inbound messages. */
  readonly answers: number
  /** Number of responses of a poll; undefined for a stream. */
  readonly cycles: number | undefined
  /** Milliseconds from one request of a poll to the next; undefined if there is one. */
  readonly interval: number | undefined
  /** Number of attempts. */
  readonly attempts: number
  /** Milliseconds until the recorded client ended it; undefined if the peer did. */
  readonly endedAfter: number | undefined
  /** The status with which the peer refused it. */
  readonly refused: number | undefined
}

export type ReplayStep = SocketStep | RequestStep

/** Which steps are wanted. */
export interface StepChoice {
  /** Those of this connection only. */
  readonly only?: number | undefined
  /** Also the WebSockets that only received. */
  readonly withReceivers?: boolean
}

/** The steps in their order. Throws a `Failure`: `NO_CONNECTION`, or `NOTHING_TO_SEND` if there are none. */
export function stepsOf(
  all: readonly RecordedTraffic[],
  { only, withReceivers = false }: StepChoice = {},
): ReplayStep[] {
  const chosen = only === undefined ? all : all.filter(({ connection }) => connection === only)
  if (only !== undefined && chosen.length === 0)
    throw new Failure('NO_CONNECTION', `The session has no connection ${only}; name one that it has.`)
  const steps = chosen.flatMap((each) => stepsIn(each, withReceivers)).sort((a, b) => a.time - b.time)
  if (steps.length === 0)
    throw nothingToSend(
      only === undefined ? undefined : `Connection ${only} of the session sent no message and no request`,
    )
  return steps
}

/** `what` begins the message: which part of the session sent nothing. */
function nothingToSend(what = 'No connection of the session sent a message or a request'): Failure {
  return new Failure(
    'NOTHING_TO_SEND',
    `${what}, so there is nothing to send; replay a session in which a WebSocket sends or that has HTTP requests.`,
  )
}

function stepsIn(traffic: RecordedTraffic, withReceivers: boolean): ReplayStep[] {
  const { start, connect, open } = traffic
  const transport = connect?.transport ?? open?.transport
  const isSocket = transport === 'websocket' || (connect !== undefined && schemeOf(connect.url) === 'ws')
  if (isSocket || start === undefined) return socketSteps(traffic, isSocket, withReceivers)
  if (!isPolling(transport)) return [streamStep(traffic, start)]
  const [first, ...others] = traffic.cycles
  if (first === undefined) return []
  return others.every((cycle) => repeats(cycle, first))
    ? [pollStep(traffic, start.event)]
    : traffic.cycles.map((cycle) => cycleStep(traffic, start.event, cycle))
}

/** Messages of what is no WebSocket are the bodies of its requests. */
function socketSteps(traffic: RecordedTraffic, isSocket: boolean, withReceivers: boolean): SocketStep[] {
  const { connection, start, open, messages, longestSilence } = traffic
  if (messages.length === 0 && !(isSocket && withReceivers)) return []
  if (!isSocket && (open?.transport ?? 'websocket') !== 'websocket') return []
  if (!isSocket && traffic.cycles.length > 0) return []
  const time = start?.event.time ?? open?.time ?? 0
  const answersBefore = start?.answersBefore ?? 0
  const endedAt = traffic.close?.time
  return [{ kind: 'socket', connection, time, answersBefore, longestSilence, endedAt, script: traffic }]
}

function streamStep(traffic: RecordedTraffic, start: NonNullable<RecordedTraffic['start']>): RequestStep {
  const { event: connect, number, answersBefore } = start
  const { close, open, last, answers, attempts, refused } = traffic
  const isEndedByPeer = close !== undefined && close.by !== 'client'
  return {
    ...common(traffic, connect, (open?.time ?? connect.time) - connect.time),
    ...{ number, answersBefore, answers, attempts, refused },
    time: connect.time,
    method: connect.method,
    url: connect.url,
    headers: connect.headers ?? {},
    body: connect.body,
    bodyNumber: number,
    response: open,
    endedAt: close?.time,
    cycles: undefined,
    interval: undefined,
    endedAfter: isEndedByPeer ? undefined : (close?.time ?? last) - connect.time,
  }
}

/** Requests that the transport repeats as the recorded one did. */
function pollStep(traffic: RecordedTraffic, connect: ConnectEvent): RequestStep {
  const { cycles, last, answers, attempts, refused } = traffic
  const [first, newest] = [cycles[0], cycles.at(-1)]
  if (first === undefined || newest === undefined) throw new RangeError('The poll has no cycles.')
  const gaps = cycles.length - 1
  return {
    ...cycleStep(traffic, connect, first),
    ...{ answers, attempts, refused },
    endedAt: traffic.close?.time,
    cycles: cycles.filter(({ response }) => response !== undefined).length,
    interval:
      gaps === 0
        ? undefined
        : (connect.interval ?? Math.round((newest.event.time - first.event.time) / gaps)),
    endedAfter: last - first.event.time,
  }
}

/** One request that is sent once. */
function cycleStep(traffic: RecordedTraffic, connect: ConnectEvent, cycle: RecordedCycle): RequestStep {
  const { event, number, answersBefore, answers, response } = cycle
  return {
    ...common(traffic, connect, (response?.time ?? event.time) - event.time),
    ...{ number, answersBefore, answers, response },
    time: event.time,
    method: event.method ?? connect.method,
    url: event.url ?? connect.url,
    headers: event.headers,
    body: event.body ?? connect.body,
    bodyNumber: cycle.body ?? number,
    cycles: response === undefined ? 0 : 1,
    interval: undefined,
    endedAt: undefined,
    attempts: 1,
    endedAfter: traffic.last - event.time,
    refused: response?.status !== undefined && response.status >= 400 ? response.status : traffic.refused,
  }
}

/** `held`: milliseconds until the peer began to answer. */
function common({ connection, longestSilence }: RecordedTraffic, connect: ConnectEvent, held: number) {
  return { kind: 'request', connection, longestSilence: Math.max(longestSilence, held), connect } as const
}

/** Whether a cycle sends the first request again, possibly from another position. */
function repeats({ event, body }: RecordedCycle, { event: first }: RecordedCycle): boolean {
  if (event.method !== undefined || event.body !== undefined || body !== undefined) return false
  return event.cursor !== undefined || (event.url ?? first.url) === first.url
}
