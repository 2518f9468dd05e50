/** Sending the messages of a recording to a live peer, and its progress. */
import type { Headers } from '../headers.ts'
import type { ConnectionSpec } from '../spec.ts'

/**
 * When each message is sent: `time` at its recorded time; `answers` after as many inbound messages as were recorded
 * before it.
 */
export const RESEND_PACES = ['time', 'answers'] as const
export type ResendPace = (typeof RESEND_PACES)[number]

/** A recording as the engine opens it. */
export interface RecordingFile {
  /** A local path; its extension decides the format. */
  readonly file: string
  /** Private folder for temporary files. */
  readonly directory: string
}

/** A recorded connection that sent messages or requests, with its secrets masked. */
export interface Sender {
  readonly connection: number
  /** Number of messages and requests. */
  readonly messages: number
  /** As recorded; undefined if the recording starts later. */
  readonly url: string | undefined
  readonly headers: Headers | undefined
  readonly subprotocols: readonly string[] | undefined
}

export interface ResendParams extends RecordingFile {
  /** Number of the recorded connection; undefined for all of them. */
  readonly connection?: number | undefined
  /** The destination. Fields that are not set are as recorded, except for secrets. */
  readonly spec: ConnectionSpec
  /** For fields that are set neither here nor in the recording. */
  readonly defaults?: ConnectionSpec
  readonly pace: ResendPace
  /** A factor for the recorded speed; null to not wait at all. */
  readonly speed: number | null
  /** Identifies the call in `resending` and `cancelResend`. */
  readonly ticket: number
}

/** Progress in messages. */
export interface Resending {
  readonly ticket: number
  /** Number of the live connection, or of the first one. */
  readonly id: number
  readonly sent: number
  readonly of: number
  /** Inbound messages so far, and in the recording. */
  readonly answers: number
  readonly expected: number
}

/** The result. */
export interface Resent extends Omit<Resending, 'ticket'> {
  readonly cancelled: boolean
  /** Sentences about parts of the recording that could not be read and were not sent; the first few, if any. */
  readonly problems?: readonly string[]
  /** Why it ended early. */
  readonly failure?: { readonly code: string; readonly message: string }
}

export type ResendMethods = {
  /**
   * The connections of a recording that sent messages or requests, in the order of their numbers. Takes as long as reading the
   * recording. Rejects with NOTHING_TO_SEND if there are none.
   */
  senders: { params: RecordingFile; result: readonly Sender[] }
  /**
   * Opens a connection for each recorded one, or for the one that is named, sends what that sent, and closes it when all
   * is sent and answered. Settles when all have ended. Rejects if none can start.
   */
  resend: { params: ResendParams; result: Resent }
  /** Cancels a `resend` and closes its connection. */
  cancelResend: { params: { readonly ticket: number }; result: null }
}
