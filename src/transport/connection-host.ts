/** What a connection asks of its owner, and reports to it. */
import type { Clock } from '../shared/clock.ts'
import type { RealtimeEvent } from '../shared/event.ts'
import type { MessageBatch } from '../shared/message-batch.ts'
import type { ConnectionSpec, NetworkSettings, OutboundMessage } from '../shared/spec.ts'
import type { ConnectionStatus } from '../shared/status.ts'
import type { Http2Sessions } from './http2/sessions.ts'
import type { RequestHook } from './request-hook.ts'
import type { Transport } from './transport.ts'

/** `Connection` is the class of its connections. */
export interface HostOf<Connection> {
  readonly clock: Clock
  network(): NetworkSettings
  append(event: RealtimeEvent): void
  /** Appends messages that arrived together. If absent, they are appended one by one. */
  appendBatch?(connection: number, batch: MessageBatch): void
  /** Called when the state changes, or when reading is paused or resumed. */
  changed(connection: Connection): void
  /** Uniform in [0, 1), to randomize delays. */
  random?: () => number
  /** Makes the specification of an attempt from that of the connection. If absent, they are the same. */
  prepare?(spec: ConnectionSpec): Promise<ConnectionSpec>
  /** What changes the requests of an attempt with that specification. If absent, nothing does. */
  requestHook?(connection: Connection, spec: ConnectionSpec): RequestHook | undefined
  /** HTTP/2 sessions that its connections share. If absent, each attempt has its own ones. */
  readonly sessions?: Http2Sessions
  /** Frames a message that is sent. If absent, it is sent as it is. */
  frame?(message: OutboundMessage): OutboundMessage
  /** Makes the transport of an attempt. If absent or undefined, the specification says which one it is. */
  createTransport?(spec: ConnectionSpec): Transport | undefined
  /** The user ends the open connection. It can still send. */
  closing?(): void
  /** The protocol that is spoken on the connection, if one is. */
  speaking?(): ConnectionStatus['speaking']
}
