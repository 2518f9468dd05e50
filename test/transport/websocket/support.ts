/** One attempt of a WebSocket connection, and messages to send. */
import type { ConnectionSpec } from '../../../src/shared/spec.ts'
import { WebSocketTransport } from '../../../src/transport/websocket.ts'
import { Attempt } from '../../support/attempt.ts'

export function connect(url: string, spec: Partial<ConnectionSpec> = {}): Attempt {
  return new Attempt(new WebSocketTransport(), { url, ...spec })
}

export function text(content: string) {
  return { opcode: 'text', payload: Buffer.from(content) } as const
}
