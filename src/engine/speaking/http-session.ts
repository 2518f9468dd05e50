/**
 * One attempt of a protocol over HTTP: begins a session by requests, reads the response of another one, and sends each
 * message by a request of its own. These requests are events of the connection, too.
 */
import { once } from 'node:events'
import type { MessageEvent, TransportEvent } from '../../shared/event.ts'
import { Failure, sentenceOf } from '../../shared/failure.ts'
import type { Automatic, ConnectionSpec, OutboundMessage } from '../../shared/spec.ts'
import { isPolling } from '../../shared/transports.ts'
import type { HttpSession, SideRequest, SideResponse } from '../../speak/spoken-protocol.ts'
import { isPermanent } from '../../transport/http/failure-kinds.ts'
import { createTransport } from '../../transport/registry.ts'
import { disconnected, emitError, fail } from '../../transport/report.ts'
import {
  type AttemptContext,
  newResumeState,
  type Outcome,
  type Transport,
} from '../../transport/transport.ts'

/** Messages that may wait for the answers to those before them. */
const MAX_WAITING = 1000
/** Bytes of an answer in the handshake. */
const MAX_ANSWER = 1024 * 1024
/** RFC 9110 section 15.5.6. */
const METHOD_NOT_ALLOWED = 405

export class HttpSessionTransport implements Transport {
  readonly sends = true
  readonly #open: (request: SideRequest) => Promise<HttpSession>
  readonly #began: (session: HttpSession) => void
  readonly #known: HttpSession | undefined
  #context: AttemptContext | undefined
  #session: HttpSession | undefined
  #stream: Transport | undefined
  #isPaused = false
  #waiting = 0
  #last: Promise<void> = Promise.resolve()

  /**
   * `began` is called when messages can be sent, before the stream is open. `known` is the session of the attempt before, if
   * it can be continued.
   */
  constructor(
    open: (request: SideRequest) => Promise<HttpSession>,
    began: (session: HttpSession) => void,
    known?: HttpSession,
  ) {
    this.#open = open
    this.#began = began
    this.#known = known
  }

  async run(context: AttemptContext): Promise<Outcome> {
    this.#context = context
    const continued = this.#known && (await this.#runStream(this.#known, context, endsSession))
    if (continued !== undefined) return continued
    let session: HttpSession
    try {
      session = await this.#open((spec) => this.#request(context, spec, 'protocol'))
    } catch (thrown) {
      if (context.signal.aborted) return disconnected(context)
      const failure =
        thrown instanceof Failure
          ? thrown
          : new Failure('REFUSED', `The handshake over HTTP failed: ${sentenceOf(thrown)}; check the URL.`)
      const isFinal = failure.code === 'REFUSED' || isPermanent(failure)
      return fail(context, failure, isFinal ? 'failed' : 'lost')
    }
    // A new session cannot continue the stream of another one.
    context.resume.lastEventId = ''
    return (await this.#runStream(session, context)) ?? disconnected(context)
  }

  /** Runs the stream of a session. Resolves to undefined, without an error, if the server refuses it with a status that `ends`. */
  async #runStream(
    session: HttpSession,
    context: AttemptContext,
    ends: (status: number) => boolean = () => false,
  ): Promise<Outcome | undefined> {
    const { spec } = session
    this.#session = session
    const stream = createTransport(spec)
    this.#stream = stream
    if (this.#isPaused) stream.pause()
    this.#began(session)
    // A poll emits its requests itself.
    if (!isPolling(spec.transport)) context.emit(requestEvent(context, spec, 'protocol'))
    const { outcome, refused } = await runRefusable(
      stream,
      { ...context, spec },
      (status) => ends(status) || (session.isStreamOptional === true && status === METHOD_NOT_ALLOWED),
    )
    if (refused === undefined) return outcome
    return ends(refused) ? undefined : await withoutStream(context)
  }

  /** Throws a `Failure`: `NOT_OPEN` or `SEND_QUEUE_FULL`. What happens to the request is an event. */
  send(message: OutboundMessage): void {
    const context = this.#context
    const session = this.#session
    if (context === undefined || session === undefined || context.signal.aborted)
      throw new Failure(
        'NOT_OPEN',
        'The session has not begun, so nothing can be sent; wait until it is open.',
      )
    if (this.#waiting >= MAX_WAITING)
      throw new Failure(
        'SEND_QUEUE_FULL',
        `${MAX_WAITING} messages wait for the server; send less, or later.`,
      )
    const spec = session.post(message)
    this.#waiting++
    const before = session.isOrdered ? this.#last : Promise.resolve()
    this.#last = before.then(async () => {
      try {
        if (!context.signal.aborted) await this.#request(context, spec, message.automatic)
      } catch (thrown) {
        if (!context.signal.aborted && thrown instanceof Failure) emitError(context, thrown)
        else if (!(thrown instanceof Failure)) throw thrown
      } finally {
        this.#waiting--
      }
    })
  }

  pause(): void {
    this.#isPaused = true
    this.#stream?.pause()
  }

  resume(): void {
    this.#isPaused = false
    this.#stream?.resume()
  }

  /** Sends a request, and emits it with its response. Rejects with a `Failure`. */
  async #request(
    context: AttemptContext,
    given: ConnectionSpec,
    automatic: Automatic | undefined,
  ): Promise<SideResponse> {
    const spec: ConnectionSpec = { ...given, transport: 'http-stream', reconnect: 'never', framing: 'auto' }
    const request = requestEvent(context, spec, automatic)
    context.emit(request)
    let headers: SideResponse['headers'] = {}
    let failure: Failure | undefined
    const messages: MessageEvent[] = []
    let size = 0
    const tooLarge = new AbortController()
    const emit = (event: TransportEvent) => {
      if (event.type === 'open') {
        headers = event.headers
        context.emit(responseEvent(event, request.time))
      } else if (event.type === 'error') failure = new Failure(event.code, event.message, event.status)
      else if (event.type !== 'close') {
        if (event.type === 'message' && automatic === 'protocol') {
          size += event.payload.length
          if (size > MAX_ANSWER) tooLarge.abort()
          else messages.push({ ...event, connection: 0, payload: Uint8Array.from(event.payload) })
        }
        context.emit(event)
      }
    }
    const { emitBatch: _, ...rest } = context
    const signal = AbortSignal.any([context.signal, tooLarge.signal])
    const outcome = await createTransport(spec).run({ ...rest, spec, signal, resume: newResumeState(), emit })
    if (failure !== undefined) throw failure
    if (tooLarge.signal.aborted && !context.signal.aborted)
      throw new Failure('TOO_LARGE', 'The server answered the handshake with more than 1 MiB; check the URL.')
    if (outcome.end === 'failed') throw new Failure('REFUSED', outcome.reason)
    return { headers, messages }
  }
}

/** Whether a refusal means that the server no longer has the session: 404 in MCP, but servers use others, too. */
function endsSession(status: number): boolean {
  return status >= 400 && status < 500 && status !== METHOD_NOT_ALLOWED
}

/** Runs a stream. If its status is one that `expects`, it is the result instead of an error. */
async function runRefusable(
  stream: Transport,
  context: AttemptContext,
  expects: (status: number) => boolean,
): Promise<{ readonly outcome: Outcome; readonly refused?: number }> {
  let refused: number | undefined
  const outcome = await stream.run({
    ...context,
    emit: (event) => {
      if (event.type === 'error' && event.status !== undefined && expects(event.status))
        refused = event.status
      else context.emit(event)
    },
  })
  return { outcome, ...(refused !== undefined && { refused }) }
}

/** If the server has no stream (405), the session is open all the same, until the user ends it. */
async function withoutStream(context: AttemptContext): Promise<Outcome> {
  const { emit, signal } = context
  emit({ type: 'open', time: context.clock.now(), transport: 'sse', status: METHOD_NOT_ALLOWED, headers: {} })
  if (!signal.aborted) await once(signal, 'abort')
  return disconnected(context)
}

function responseEvent(
  { time, status, headers, timing, requestHeadSize, headSize }: Extract<TransportEvent, { type: 'open' }>,
  requestTime: number,
): Extract<TransportEvent, { type: 'response' }> {
  return {
    ...{ type: 'response', time, headers, held: time - requestTime, empty: false },
    ...(status !== undefined && { status }),
    ...(timing && { timing }),
    ...(requestHeadSize !== undefined && { requestHeadSize }),
    ...(headSize !== undefined && { headSize }),
  }
}

function requestEvent(
  { clock }: AttemptContext,
  { url, method, headers = {}, body }: ConnectionSpec,
  automatic: Automatic | undefined,
): Extract<TransportEvent, { type: 'request' }> {
  return {
    ...{ type: 'request', time: clock.now(), url, headers },
    method: method ?? (body === undefined ? 'GET' : 'POST'),
    ...(body !== undefined && { body }),
    ...(automatic !== undefined && { automatic }),
  }
}
