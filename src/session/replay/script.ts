/** The outbound messages of a recorded connection with their times, to be sent to a live peer. */
import { setImmediate } from 'node:timers/promises'
import type { IndexedRecording } from '../../capture/recording.ts'
import { unpackKind } from '../../shared/columns.ts'
import type { ConnectEvent, OpenEvent, RealtimeEvent } from '../../shared/event.ts'
import { Failure } from '../../shared/failure.ts'
import type { OutboundMessage } from '../../shared/spec.ts'

export interface ScriptedMessage {
  /** Number of the recorded event. */
  readonly index: number
  /** Milliseconds after the connection opened. */
  readonly at: number
  /** Number of inbound messages before it. */
  readonly answersBefore: number
}

export interface Script {
  readonly connection: number
  readonly messages: readonly ScriptedMessage[]
  /** Number of all inbound messages. */
  readonly answers: number
  /** The longest time without a message in either direction, in ms. */
  readonly longestSilence: number
  /** Undefined if the recording starts later. */
  readonly connect: ConnectEvent | undefined
  readonly open: OpenEvent | undefined
  /** Number of outbound messages of other connections, and number of these connections. */
  readonly others: { readonly messages: number; readonly connections: number }
}

/** Events read before the thread is released: about a millisecond. */
const STEP = 8192

/**
 * The script of a connection. Default: the first that sends. Throws a `Failure`: `NO_CONNECTION`,
 * `NOTHING_TO_SEND`.
 */
export function scriptOf(source: IndexedRecording, connection = firstSender(source)): Script {
  const steps = readScript(source, connection)
  for (;;) {
    const { done, value } = steps.next()
    if (done) return value
  }
}

/** Like `scriptOf`, but releases the thread regularly for live traffic. */
export async function scriptInSteps(source: IndexedRecording, connection: number): Promise<Script> {
  const steps = readScript(source, connection)
  for (;;) {
    const { done, value } = steps.next()
    if (done) return value
    await setImmediate()
  }
}

function* readScript(source: IndexedRecording, connection: number): Generator<undefined, Script> {
  const messages: ScriptedMessage[] = []
  let answers = 0
  let longestSilence = 0
  let connect: ConnectEvent | undefined
  let open: OpenEvent | undefined
  let begun: number | undefined
  let latest: number | undefined
  let known = false
  const others = new Set<number>()
  let othersMessages = 0
  for (let index = source.firstKept; index < source.count; index++) {
    if (index % STEP === 0) yield
    const row = source.row(index)
    const { type, direction } = unpackKind(row.kind)
    if (row.connection !== connection) {
      if (type !== 'message' || direction !== 'out') continue
      others.add(row.connection)
      othersMessages++
      continue
    }
    known = true
    if (type === 'connect') connect ??= read(source, index, 'connect')
    else if (type === 'open') open ??= read(source, index, 'open')
    if (type === 'open') begun ??= row.time
    if (type !== 'message' && type !== 'open') continue
    longestSilence = Math.max(longestSilence, row.time - (latest ?? row.time))
    latest = row.time
    begun ??= row.time
    if (direction === 'out')
      messages.push({ index, at: Math.max(0, row.time - begun), answersBefore: answers })
    else if (type === 'message') answers++
  }
  if (!known)
    throw new Failure('NO_CONNECTION', `The session has no connection ${connection}; name one that it has.`)
  if (messages.length === 0) throw nothingToSend(`Connection ${connection} of the session sent no message`)
  return {
    ...{ connection, messages, answers, longestSilence, connect, open },
    others: { messages: othersMessages, connections: others.size },
  }
}

/**
 * The message to send. Throws a `Failure`: `DROPPED` if its payload was not kept, `UNREADABLE` if its line cannot
 * be read.
 */
export function scriptedMessage(source: IndexedRecording, { index }: ScriptedMessage): OutboundMessage {
  const event = source.event(index)
  if (event.type !== 'message')
    throw new Failure(
      'UNREADABLE',
      `Event ${index + 1} of the recording cannot be read as a message; check its line in the file.`,
    )
  if (event.dropped !== undefined)
    throw new Failure(
      'DROPPED',
      `The payload of event ${index + 1} was not kept when the session was saved, so it cannot be sent.`,
    )
  return { opcode: event.opcode ?? 'text', payload: event.payload }
}

function read<T extends RealtimeEvent['type']>(
  source: IndexedRecording,
  index: number,
  type: T,
): (RealtimeEvent & { readonly type: T }) | undefined {
  const event = source.event(index)
  return event.type === type ? (event as RealtimeEvent & { readonly type: T }) : undefined
}

/** The first connection that sent messages. Messages of a poll are the bodies of its requests, and do not count. */
function firstSender(source: IndexedRecording): number {
  const polls = new Set<number>()
  for (let index = source.firstKept; index < source.count; index++) {
    const { kind, connection } = source.row(index)
    const { type, direction } = unpackKind(kind)
    if (type === 'request') polls.add(connection)
    if (type === 'message' && direction === 'out' && !polls.has(connection)) return connection
  }
  throw nothingToSend()
}

/** `what` begins the message: which part of the session sent nothing. */
export function nothingToSend(what = 'No connection of the session sent a message'): Failure {
  return new Failure(
    'NOTHING_TO_SEND',
    `${what}, so there is nothing to send; replay a session in which a WebSocket sends.`,
  )
}
