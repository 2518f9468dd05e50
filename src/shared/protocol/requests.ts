/** Calls about requests that people keep: how a connection was opened and what it sent, and its newest message. */
import type { DecodedPreview } from './decoding.ts'

/** A message that the user sent: the first of those with the same content. */
export interface SentMessage {
  /** What it calls itself, else `text` or `binary`. */
  readonly name: string
  /** The content if it was sent as text, else `base64`. */
  readonly text?: string
  readonly base64?: string
  /** How often it was sent. */
  readonly count: number
  /** A message of the peer came between this one and the one sent before it. */
  readonly isAfterAnswer: boolean
}

/** A connection as a request: with it, another one does the same. */
export interface MadeRequest {
  /** The specification of the connection, with secrets masked. */
  readonly spec: Readonly<Record<string, unknown>>
  /** In the order in which they were first sent. */
  readonly sent: readonly SentMessage[]
  /** Number of messages that are not among them because they are too many, too large, or no longer kept. */
  readonly omitted: number
}

export interface NewestMessage {
  readonly connection: number
  /** What it calls itself, else `text` or `binary`. */
  readonly name: string
  /** What it says in the protocol of its connection, if it is known. */
  readonly decoded?: DecodedPreview
}

export type RequestMethods = {
  /** Rejects with NO_CONNECTION. */
  madeRequest: { params: { readonly connection: number }; result: MadeRequest }
  /** The newest message of each connection, without heartbeats if they are decoded; none for one without messages. */
  newestMessages: {
    params: { readonly connections: readonly number[] }
    result: readonly NewestMessage[]
  }
}
