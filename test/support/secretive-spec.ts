/** A connection with a secret in every place that can have one. */
import type { ConnectionSpec } from '../../src/shared/spec.ts'

export const SECRETIVE: ConnectionSpec = {
  url: 'https://ada:hunter2@example.com/events?topic=a&access_token=tok-123',
  headers: { Authorization: 'Bearer s3cr3t', Cookie: ['sid=s3cr3t'], Accept: 'text/event-stream' },
  method: 'POST',
  body: '{"q":"prompt-text"}',
  subprotocols: ['bearer', 'sub-token'],
  credentials: { kind: 'api-key', in: 'header', name: 'X-Room', value: 'key-s3cr3t' },
  tls: { insecure: true, key: 'PRIVATE-KEY', cert: 'PRIVATE-KEY', passphrase: 'pass-s3cr3t' },
  protocol: 'socket.io',
  protocolOptions: { namespace: '/a', auth: { token: 'opt-s3cr3t', user: 'ada' } },
  proxy: 'http://me:proxy-pass@proxy:3128',
}
