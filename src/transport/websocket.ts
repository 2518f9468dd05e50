/** The WebSocket transport (RFC 6455, RFC 7692). */
import tls from 'node:tls'
import type { Headers, OpenEvent, TransportEvent } from '../shared/event.ts'
import { Failure } from '../shared/failure.ts'
import type { OutboundMessage } from '../shared/spec.ts'
import { tlsInfo } from './http/tls.ts'
import { emitClose, fail } from './tell.ts'
import type { AttemptContext, Outcome, Transport } from './transport.ts'
import { type Accepted, shakeHands } from './websocket/handshake.ts'
import { LiveSocket } from './websocket/live.ts'
import { type HandshakeTarget, redirected } from './websocket/redirect.ts'

const MAX_REDIRECTS = 10

type Redirects = NonNullable<OpenEvent['redirects']>

export class WebSocketTransport implements Transport {
  #live: LiveSocket | undefined
  #paused = false

  async run(context: AttemptContext): Promise<Outcome> {
    const { spec } = context
    let target: HandshakeTarget = {
      url: new URL(spec.url),
      headers: spec.headers ?? {},
      subprotocols: spec.subprotocols ?? [],
    }
    const redirects: Redirects[number][] = []
    for (;;) {
      const end = await shakeHands(target, context, (accepted) => this.#open(accepted, context, redirects))
      switch (end.kind) {
        case 'open':
          return await end.opened.ended
        case 'aborted':
          emitClose(context, 'client')
          return { end: 'done', reason: 'disconnected before it was open' }
        case 'failed':
          return fail(context, end.failure, end.end)
        case 'redirect':
          redirects.push({ status: end.status, location: end.location })
          try {
            if (redirects.length > MAX_REDIRECTS) throw tooManyRedirects()
            target = redirected(target, end.location, spec)
          } catch (thrown) {
            if (thrown instanceof Failure) return fail(context, thrown, 'failed')
            throw thrown
          }
      }
    }
  }

  send(message: OutboundMessage): void {
    if (this.#live === undefined)
      throw new Failure('NOT_OPEN', 'The WebSocket is not open yet; wait until it is.')
    this.#live.send(message)
  }

  pause(): void {
    this.#paused = true
    this.#live?.pause()
  }

  resume(): void {
    this.#paused = false
    this.#live?.resume()
  }

  #open(accepted: Accepted, context: AttemptContext, redirects: Redirects): LiveSocket {
    const live = new LiveSocket(accepted, context)
    this.#live = live
    const onAbort = () => live.close(context.signal.reason ?? {})
    context.signal.addEventListener('abort', onAbort)
    void live.ended.then(() => context.signal.removeEventListener('abort', onAbort))
    context.emit(openEvent(accepted, redirects))
    if (this.#paused) live.pause()
    return live
  }
}

function tooManyRedirects(): Failure {
  return new Failure(
    'BAD_REDIRECT',
    `The server redirected more than ${MAX_REDIRECTS} times; connect to the right URL directly.`,
  )
}

function openEvent({ ws, socket, response, timing, time }: Accepted, redirects: Redirects): TransportEvent {
  const extensions = response.headersDistinct['sec-websocket-extensions']?.join(', ')
  const secured = socket instanceof tls.TLSSocket ? tlsInfo(socket) : undefined
  return {
    type: 'open',
    time,
    transport: 'websocket',
    status: response.statusCode ?? 101,
    headers: headersOf(response.headersDistinct),
    httpVersion: response.httpVersion,
    timing,
    ...(ws.protocol !== '' && { subprotocol: ws.protocol }),
    ...(extensions !== undefined && { extensions }),
    ...(socket.remoteAddress !== undefined && { remoteAddress: socket.remoteAddress }),
    ...(secured && { tls: secured }),
    ...(redirects.length > 0 && { redirects: [...redirects] }),
  }
}

function headersOf(distinct: NodeJS.Dict<string[]>): Headers {
  const headers: Record<string, string | readonly string[]> = {}
  for (const [name, values = []] of Object.entries(distinct))
    headers[name] = values.length === 1 ? (values[0] ?? '') : values
  return headers
}
