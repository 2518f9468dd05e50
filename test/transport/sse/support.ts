import type { RequestListener } from 'node:http'
import type { MessageBatch } from '../../../src/shared/message-batch.ts'
import type { ConnectionSpec } from '../../../src/shared/spec.ts'
import { SseTransport } from '../../../src/transport/sse.ts'
import type { ResumeState } from '../../../src/transport/transport.ts'
import { Attempt } from '../../support/attempt.ts'
import { serveHttp } from '../../support/loopback.ts'

export function connect(
  url: string,
  spec: Partial<ConnectionSpec> = {},
  resume?: ResumeState,
  emitBatch?: (batch: MessageBatch) => void,
): Attempt {
  return new Attempt(new SseTransport(), { url, ...spec }, resume, emitBatch && { emitBatch })
}

export const eventStream: RequestListener = (_request, response) =>
  response.writeHead(200, { 'content-type': 'text/event-stream' })

/** A server that answers each request with the same complete stream. */
export function serveStream(body: string): Promise<string> {
  return serveHttp((request, response) => {
    eventStream(request, response)
    response.end(body)
  })
}
