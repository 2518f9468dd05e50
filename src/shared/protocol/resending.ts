/** What is sent again of a recording to a live peer, and how that gets on. */
import type { Headers } from '../headers.ts'
import type { ConnectionSpec } from '../spec.ts'

/** When each message is sent: `time` as recorded; `answers` once as many inbound messages have come as had then. */
export const RESEND_PACES = ['time', 'answers'] as const
export type ResendPace = (typeof RESEND_PACES)[number]

/** A recording as the engine opens it. */
export interface RecordingFile {
  /** A local path; what it is is told by its extension. */
  readonly file: string
  /** Private folder for what has to be kept beside the file. */
  readonly directory: string
}

/** A recorded connection that sent messages; its secrets are `***`. */
export interface Sender {
  readonly connection: number
  readonly messages: number
  /** As recorded; undefined where the recording begins later. */
  readonly url: string | undefined
  readonly headers: Headers | undefined
  readonly subprotocols: readonly string[] | undefined
}

export interface ResendParams extends RecordingFile {
  /** Number of the recorded connection. */
  readonly connection: number
  /** Where to; what it does not say is as recorded, but for secrets. */
  readonly spec: ConnectionSpec
  /** For what neither it nor the recording says. */
  readonly defaults?: ConnectionSpec
  readonly pace: ResendPace
  /** Times as fast as recorded; null does not wait. */
  readonly speed: number | null
  /** Names the call in `resending` and `cancelResend`. */
  readonly ticket: number
}

/** How far it has got, in messages. */
export interface Resending {
  readonly ticket: number
  /** The live connection. */
  readonly id: number
  readonly sent: number
  readonly of: number
  /** Inbound messages so far, and as recorded. */
  readonly answers: number
  readonly expected: number
}

/** What came of it. */
export interface Resent extends Omit<Resending, 'ticket'> {
  readonly cancelled: boolean
  /** Sentences about what of the recording could not be read, and so was not sent; the first few, if any. */
  readonly problems?: readonly string[]
  /** Why it ended too early. */
  readonly failure?: { readonly code: string; readonly message: string }
}

export type ResendMethods = {
  /**
   * The connections of a recording that sent messages, in the order of their numbers; takes as long as reading it.
   * Rejects with NOTHING_TO_SEND where there is none.
   */
  senders: { params: RecordingFile; result: readonly Sender[] }
  /**
   * Sends what a recorded connection sent over a new connection, which is ended when all is sent and answered.
   * Settles then, or when it has ended otherwise. Rejects where it cannot begin.
   */
  resend: { params: ResendParams; result: Resent }
  /** Ends a `resend` and its connection. */
  cancelResend: { params: { readonly ticket: number }; result: null }
}
