/** The outbound messages of a recorded connection with their times, to be sent to a live peer. */
import type { IndexedRecording } from '../../capture/recording.ts'
import type { CloseEvent, ConnectEvent, OpenEvent } from '../../shared/event.ts'
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

/** The messages of a recorded connection. */
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
  /** How it ended; undefined if it is open at the end of the recording. */
  readonly close: CloseEvent | undefined
}

/**
 * The message to send. Throws a `Failure`: `DROPPED` if its payload was not kept, `UNREADABLE` if its line cannot
 * be read.
 */
export function scriptedMessage(
  source: IndexedRecording,
  { index }: Pick<ScriptedMessage, 'index'>,
): OutboundMessage {
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
