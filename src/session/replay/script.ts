/** What one side of a recorded connection sent, and when: what is sent again to a live peer. */
import { setImmediate } from 'node:timers/promises'
import type { IndexedRecording } from '../../capture/recording.ts'
import { unpackKind } from '../../shared/columns.ts'
import type { ConnectEvent, OpenEvent, RealtimeEvent } from '../../shared/event.ts'
import { Failure } from '../../shared/failure.ts'
import type { OutboundMessage } from '../../shared/spec.ts'

export interface ScriptedMessage {
  /** Number of the recorded event. */
  readonly index: number
  /** Milliseconds after the connection had opened. */
  readonly at: number
  /** Inbound messages that had come before it. */
  readonly answersBefore: number
}

export interface Script {
  readonly connection: number
  readonly messages: readonly ScriptedMessage[]
  /** Inbound messages in all. */
  readonly answers: number
  /** The longest time, in ms, in which neither side sent anything. */
  readonly longestSilence: number
  /** As recorded; undefined where the recording begins later. */
  readonly connect: ConnectEvent | undefined
  readonly open: OpenEvent | undefined
  /** Outbound messages of the other connections, and how many connections sent them. */
  readonly others: { readonly messages: number; readonly connections: number }
}

/** Events read without a pause: about a millisecond. */
const STEP = 8192

/**
 * The script of a connection; by default of the first that sends. Throws a `Failure`: `NO_CONNECTION`,
 * `NOTHING_TO_SEND`.
 */
export function scriptOf(source: IndexedRecording, connection = firstSender(source)): Script {
  const steps = readScript(source, connection)
  for (;;) {
    const { done, value } = steps.next()
    if (done) return value
  }
}

/** The same where live traffic waits for the thread. */
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
 * The message of a script, to be sent. Throws a `Failure`: `DROPPED` where its payload was not kept, `UNREADABLE`
 * where its line is none.
 */
export function scriptedMessage(source: IndexedRecording, { index }: ScriptedMessage): OutboundMessage {
  const event = source.event(index)
  if (event.type !== 'message')
    throw new Failure(
      'UNREADABLE',
      `Event ${index + 1} of the recording cannot be read as the message it was; see what is wrong with its line.`,
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

/** A poll sends with its requests only, and not over a connection. */
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

/** `what` says which part of the session sent nothing. */
export function nothingToSend(what = 'No connection of the session sent a message'): Failure {
  return new Failure(
    'NOTHING_TO_SEND',
    `${what}, so there is nothing to send; replay a session in which a WebSocket sends.`,
  )
}
