/** The WebSocket transport (RFC 6455, RFC 7692). */
import type { Headers, OpenEvent, TransportEvent } from '../shared/event.ts'
import { Failure } from '../shared/failure.ts'
import type { OutboundMessage } from '../shared/spec.ts'
import { BaseTransport } from './base-transport.ts'
import { emitClose, fail } from './report.ts'
import type { AttemptContext, Outcome } from './transport.ts'
import { notOpenYet, tooManyRedirects } from './websocket/failures.ts'
import { performHandshake } from './websocket/handshake.ts'
import type { Accepted } from './websocket/handshake-end.ts'
import { OpenWebSocket } from './websocket/open-websocket.ts'
import { type HandshakeTarget, redirected } from './websocket/redirect.ts'

const MAX_REDIRECTS = 10

type Redirects = NonNullable<OpenEvent['redirects']>

/** What came before the handshake that was accepted. */
interface Before {
  readonly redirects: Redirects
  readonly challenges: number
}

// Shared, because a thousand connections may open at once.
const NOTHING_BEFORE: Before = { redirects: [], challenges: 0 }
const NO_HEADERS: Headers = {}
const NO_SUBPROTOCOLS: readonly string[] = []

function afterRedirect(before: Before, { status, location }: Redirects[number]): Before {
  return { ...before, redirects: [...before.redirects, { status, location }] }
}

export class WebSocketTransport extends BaseTransport {
  #webSocket: OpenWebSocket | undefined

  async run(context: AttemptContext): Promise<Outcome> {
    const { spec } = context
    let target: HandshakeTarget = {
      url: new URL(spec.url),
      headers: spec.headers ?? NO_HEADERS,
      subprotocols: spec.subprotocols ?? NO_SUBPROTOCOLS,
    }
    let before = NOTHING_BEFORE
    const opened = (accepted: Accepted) => this.#open(accepted, context, before)
    for (;;) {
      const end = await performHandshake(target, context, opened, before.challenges + 1)
      switch (end.kind) {
        case 'open':
          return await end.opened.ended
        case 'aborted':
          emitClose(context, 'client')
          return { end: 'done', reason: 'disconnected before it was open' }
        case 'failed':
          return fail(context, end.failure, end.end)
        case 'again':
          before = { ...before, challenges: before.challenges + 1 }
          break
        case 'redirect':
          before = afterRedirect(before, end)
          try {
            if (before.redirects.length > MAX_REDIRECTS) throw tooManyRedirects(MAX_REDIRECTS)
            target = redirected(target, end.location, spec)
          } catch (thrown) {
            if (thrown instanceof Failure) return fail(context, thrown, 'failed')
            throw thrown
          }
      }
    }
  }

  override send(message: OutboundMessage): void {
    if (this.#webSocket === undefined) throw notOpenYet()
    this.#webSocket.send(message)
  }

  #open(accepted: Accepted, context: AttemptContext, before: Before): OpenWebSocket {
    const webSocket = new OpenWebSocket(accepted, context)
    this.#webSocket = webSocket
    const onAbort = () => webSocket.close(context.signal.reason ?? {})
    context.signal.addEventListener('abort', onAbort)
    void webSocket.ended.then(() => context.signal.removeEventListener('abort', onAbort))
    context.emit(openEvent(accepted, before))
    this.reading(webSocket)
    return webSocket
  }
}

function openEvent(accepted: Accepted, { redirects, challenges }: Before): TransportEvent {
  const {
    subprotocol,
    time,
    status,
    headers,
    httpVersion,
    remoteAddress,
    tls,
    timing,
    heads,
    oddities = [],
  } = accepted
  const extensions = headers['sec-websocket-extensions']
  // The heads of redirects and challenges are not measured, so that the sum is not known.
  const isWhole = redirects.length === 0 && challenges === 0
  return {
    ...{ type: 'open', time, transport: 'websocket', status, headers, httpVersion, timing },
    ...(isWhole && heads),
    ...(subprotocol !== '' && { subprotocol }),
    ...(extensions !== undefined && { extensions: [extensions].flat().join(', ') }),
    ...(remoteAddress !== undefined && { remoteAddress }),
    ...(tls && { tls }),
    ...(redirects.length > 0 && { redirects }),
    ...(challenges > 0 && { challenges }),
    ...(oddities.length > 0 && { oddities }),
  }
}
