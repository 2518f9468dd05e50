/** What can be done with a connection of a live session, whether the inspector or another program opened it. */
import type { Socket } from 'node:net'
import type { Failure } from '../shared/failure.ts'
import type { ConnectionSpec, OutboundMessage } from '../shared/spec.ts'
import type { ConnectionStatus } from '../shared/status.ts'
import type { TrafficCounter } from './traffic-counter.ts'
import type { DisconnectRequest, Outcome } from './transport.ts'

export interface LiveConnection {
  readonly id: number
  readonly spec: ConnectionSpec
  /** Resolves when the connection has ended for good. */
  readonly done: Promise<Outcome>
  /** The socket that was opened last; undefined if none is open, or if it is not ours. */
  readonly socket: Socket | undefined
  /** Ends the connection. Resolves when it has closed. Rejects with a `Failure` if that is not possible. */
  disconnect(request?: DisconnectRequest): Promise<void>
  /** Starts an attempt now. Throws a `Failure` if another program opens the connection. */
  reconnect(): void
  /** Sends a message. Throws a `Failure` if that is not possible. */
  send(message: OutboundMessage): void
  /** Ends the current attempt because of a failure. It counts as `lost` or `failed`. */
  fail(failure: Failure, end: 'lost' | 'failed'): void
  /** Stops reading until `resume`. */
  pause(): void
  resume(): void
  status(): ConnectionStatus
  /** What `status` counts. */
  readonly traffic: TrafficCounter
}
