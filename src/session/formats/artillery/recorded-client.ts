/** What a recorded client did on one connection, or on those of one Socket.IO session. */
import type { ConnectEvent, Headers } from '../../../shared/event.ts'
import type { ConnectionSpec } from '../../../shared/spec.ts'

/** A text message of a WebSocket. */
export interface SendAction {
  readonly kind: 'send'
  readonly time: number
  readonly text: string
}

/** An event of Socket.IO. */
export interface EmitAction {
  readonly kind: 'emit'
  readonly time: number
  readonly namespace: string
  readonly name: string
  readonly args: readonly unknown[]
  /** Of the acknowledgment that the client asked for. */
  readonly id: string | undefined
  isAcknowledged: boolean
}

/** A request over HTTP. */
export interface RequestAction {
  readonly kind: 'request'
  readonly time: number
  readonly method: string
  readonly url: string
  readonly headers: Headers
  body: ConnectionSpec['body']
  /** Session time of the latest that came in response. */
  endedAt: number
  /** The client ended it. */
  isCutOff: boolean
}

export type Action = SendAction | EmitAction | RequestAction

export interface RecordedClient {
  readonly kind: 'ws' | 'socketio' | 'http'
  /** Numbers of its connections. */
  readonly connections: readonly number[]
  /** Of its first connection, with secrets masked. */
  readonly connect: ConnectEvent
  /** Session times at which it could send, and at which it ended. */
  readonly from: number
  readonly to: number
  readonly actions: readonly Action[]
  /** For Socket.IO: what it sent to connect to the main namespace, and whether it polled. */
  readonly auth: unknown
  readonly hasPolled: boolean
}
