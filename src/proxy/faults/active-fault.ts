/** Faults that are on, with what they find. */
import type { TransportEvent } from '../../shared/event.ts'
import type { FaultSpec } from '../../shared/faults.ts'

type Message = Extract<TransportEvent, { type: 'message' }>

/** Tests the messages of a connection against a filter. */
export interface MessageTest {
  /** Call for each message of the connection, in order. A regular expression is searched in a thread: it gives a promise. */
  matches(message: Message): boolean | Promise<boolean>
  stop(): void
}

/** A fault of a connection. */
export interface ActiveFault {
  readonly spec: FaultSpec
  /** Absent: all messages. */
  readonly test?: MessageTest
}
