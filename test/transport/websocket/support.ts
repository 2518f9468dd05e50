/** One attempt of a WebSocket connection, and messages to send. */
import type { ConnectionSpec } from '../../../src/shared/spec.ts'
import { WebSocketTransport } from '../../../src/transport/websocket.ts'
import { Attempt, type AttemptOptions } from '../../support/attempt.ts'

export function connect(url: string, spec: Partial<ConnectionSpec> = {}, more: AttemptOptions = {}): Attempt {
  return new Attempt(new WebSocketTransport(), { url, ...spec }, undefined, more)
}

export function text(content: string) {
  return { opcode: 'text', payload: Buffer.from(content) } as const
}
