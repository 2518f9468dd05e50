/** One cycle of a poll: a request and its response. */

import { isValidUtf8 } from '../../parse/utf8.ts'
import type { Cursor } from '../../shared/cursor.ts'
import type { MessageEvent } from '../../shared/event.ts'
import { toMicroseconds } from '../../shared/numbers.ts'
import { DEFAULT_MAX_MESSAGE_SIZE } from '../../shared/spec.ts'
import { withParams } from '../../shared/url-params.ts'
import { browserHeaders } from '../browser/browser-headers.ts'
import {
  afterBody,
  afterHead,
  applyPosition,
  type CursorPosition,
  droppedCursor,
  samePosition,
  withCursorHeaders,
} from '../cursor.ts'
import type { HttpAgent } from '../http/agent.ts'
import type { ExchangeRequest, HttpResponse } from '../http/exchange.ts'
import { defaultHeaders, withDefaults } from '../http/fields.ts'
import { refusal } from '../http/refusal.ts'
import { Exchange, type ResponseReceiver } from '../http/request.ts'
import { specRequest } from '../http/spec-request.ts'
import { TimedBody } from '../http/timed-body.ts'
import { emitTrailerError, headSizes } from '../report.ts'
import type { AttemptContext, ResumeState } from '../transport.ts'
import { responseTooLarge } from './failures.ts'

/** Statuses without a message: 204, 205 and 304 have no content, 408 is a timeout (RFC 9110 section 15). */
const EMPTY_STATUS: ReadonlySet<number> = new Set([204, 205, 304, 408])
const NOTHING = new Uint8Array()

export interface CycleOptions {
  readonly cursor: Cursor
  /** Called when a response head is accepted. */
  readonly opened: (response: HttpResponse) => void
  /** Called with the body that is being read, to pause it; with undefined when it is read. */
  readonly reading: (body: TimedBody | undefined) => void
  /** Milliseconds within which more of a body has to arrive; undefined if the server may hold it for any time. */
  readonly stallTimeout: number | undefined
  /** Whether a server may hold the body after it has sent the head, as CouchDB does. */
  readonly mayHoldBody: boolean
}

export interface CycleResult {
  /** Milliseconds from the request to the end of the response. */
  readonly took: number
  /** The message; undefined if the response was empty. */
  readonly payload: Uint8Array | undefined
}

/** Emits `request` and sends it. The receiver gets the response's head, or a `Failure` that ends the attempt. */
export function sendRequest(
  { clock, resume, emit }: AttemptContext,
  requests: CycleRequests,
  receiver: ResponseReceiver,
): void {
  const { url, headers } = requests.at(resume)
  const { cursor } = resume
  emit({ type: 'request', time: clock.now(), url, headers, ...(cursor !== undefined && { cursor }) })
  requests.send(receiver)
}

/**
 * Emits `response` and, unless the response is empty, `message`, and moves the cursor. Rejects with a `Failure` that ends
 * the attempt.
 */
export async function receiveCycle(
  context: AttemptContext,
  options: CycleOptions,
  response: HttpResponse,
): Promise<CycleResult> {
  if (!isAccepted(response.status)) {
    emitResponse(context, response, { empty: true })
    const refused = await refusal(response, context)
    throw droppedCursor(response.status, context.resume) ?? refused
  }
  options.opened(response)
  const payload = await readResponse(context, options, response)
  return { took: context.clock.now() - response.requestTime, payload }
}

function isAccepted(status: number): boolean {
  return EMPTY_STATUS.has(status) || (status >= 200 && status < 300)
}

interface ResponseFacts {
  readonly empty: boolean
  /** The cursor after the response. Default: the cursor before it. */
  readonly position?: Pick<CursorPosition, 'cursor'>
  /** When the server stopped holding the response. Default: when its head arrived. */
  readonly heldUntil?: number
}

function emitResponse(
  { emit, resume }: AttemptContext,
  response: HttpResponse,
  { empty, position = resume, heldUntil = response.headTime }: ResponseFacts,
): void {
  const { status, headers, headTime, requestTime, redirects, challenges, oddities } = response
  const { timing } = response
  const { cursor } = position
  emit({
    type: 'response',
    time: heldUntil,
    status,
    headers,
    held: toMicroseconds(heldUntil - requestTime),
    ...(heldUntil > headTime && { head: toMicroseconds(headTime - requestTime) }),
    empty,
    ...(cursor !== undefined && { cursor }),
    ...(timing && { timing }),
    ...headSizes(response),
    ...(redirects.length > 0 && { redirects }),
    ...(challenges > 0 && { challenges }),
    ...(oddities.length > 0 && { oddities }),
  })
}

/** Reads an accepted response to its end and returns its message; undefined if it is empty. */
async function readResponse(
  context: AttemptContext,
  { cursor, reading, stallTimeout, mayHoldBody }: CycleOptions,
  response: HttpResponse,
): Promise<Uint8Array | undefined> {
  const { resume, emit, spec } = context
  const body = new PollBody(response, spec.maxMessageSize ?? DEFAULT_MAX_MESSAGE_SIZE)
  let position: CursorPosition =
    response.status === 408 ? samePosition(resume, false) : afterHead(cursor, response.headers, resume)
  const isEmptyByHead = EMPTY_STATUS.has(response.status) || !position.moved
  let emitted = false
  const emitOnce = (empty: boolean) => {
    const heldUntil = mayHoldBody ? body.heldUntil : response.headTime
    if (!emitted) emitResponse(context, response, { empty, position, heldUntil })
    emitted = true
  }
  const timed = new TimedBody(response, stallTimeout)
  reading(timed)
  const end = await timed.read({
    data(bytes, time) {
      body.add(bytes, time)
      // Emitted as soon as it is certain, so that the event is in its place in the session.
      if (cursor.kind !== 'json' && !mayHoldBody) emitOnce(isEmptyByHead)
    },
  })
  reading(undefined)
  if (!end.complete) {
    const empty = isEmptyByHead || body.size === 0
    emitOnce(empty)
    if (!empty && end.failure.code !== 'TOO_LARGE')
      emit({ ...messageOf(body.bytes(), end.time), truncated: true })
    throw end.failure
  }
  const payload = body.bytes()
  let failure: unknown
  if (cursor.kind === 'json' && !isEmptyByHead && body.size > 0) {
    try {
      position = afterBody(cursor, payload, resume)
    } catch (error) {
      // Thrown later, after the events of the response.
      failure = error
    }
  }
  const empty = isEmptyByHead || !position.moved || body.size === 0
  emitOnce(empty)
  applyPosition(position, resume)
  if (!empty) {
    const wireSize = body.wireSize ?? response.wireLength()
    const { oddities } = end
    const faults = response.faultsIn?.(0, body.size)
    emit({
      ...messageOf(payload, end.time),
      ...(wireSize !== undefined && { wireSize }),
      ...(oddities && { oddities }),
      ...(faults && { faults }),
    })
  }
  emitTrailerError(context, response, end)
  if (failure !== undefined) throw failure
  return empty ? undefined : payload
}

function messageOf(payload: Uint8Array, time: number): Omit<MessageEvent, 'connection'> {
  const opcode = isValidUtf8(payload) ? 'text' : 'binary'
  return { type: 'message', time, direction: 'in', payload, opcode }
}

/** The requests of an attempt. A request is prepared once and sent again for as long as the cursor stays the same. */
export class CycleRequests {
  readonly #base: ExchangeRequest
  #params: ResumeState['cursorParams'] | undefined
  #headers: ResumeState['cursorHeaders'] | undefined
  #request: ExchangeRequest
  #exchange: Exchange | undefined

  constructor(
    { spec, network, clock, signal, hook, connected }: AttemptContext,
    agent: HttpAgent,
    headTimeout: number | undefined,
  ) {
    const own = specRequest(spec)
    const headers =
      spec.asBrowser === true
        ? browserHeaders({ ...own, api: 'fetch', url: new URL(spec.url) })
        : withDefaults(own.headers, defaultHeaders('*/*'))
    this.#base = {
      ...own,
      url: spec.url,
      headers,
      spec,
      network,
      clock,
      signal,
      hook,
      connected,
      headTimeout,
      agent,
    }
    this.#request = this.#base
  }

  /** Returns the request for a cursor, which the next `send` sends. */
  at({ cursorParams, cursorHeaders }: ResumeState): ExchangeRequest {
    if (cursorParams === this.#params && cursorHeaders === this.#headers) return this.#request
    this.#params = cursorParams
    this.#headers = cursorHeaders
    this.#request = {
      ...this.#base,
      url: withParams(this.#base.url, cursorParams),
      headers: withCursorHeaders(this.#base.headers, cursorHeaders),
    }
    this.#exchange = undefined
    return this.#request
  }

  /** Sends the request. */
  send(receiver: ResponseReceiver): void {
    this.#exchange ??= new Exchange(this.#request)
    this.#exchange.send(receiver)
  }
}

/** If nothing of a body arrives for this many milliseconds, the server held it; a shorter gap may be the network's. */
const HELD_BACK = 100

/** Collects a body within a limit. */
class PollBody {
  readonly #response: HttpResponse
  readonly #limit: number
  #chunks: Uint8Array[] = []
  #lastTime: number
  /** When the last bytes arrived that the server had held; when the head arrived if it held none. */
  heldUntil: number
  size = 0
  /** Wire size; undefined if a content coding hides it. */
  wireSize: number | undefined = 0

  constructor(response: HttpResponse, limit: number) {
    this.#response = response
    this.#limit = limit
    this.#lastTime = response.headTime
    this.heldUntil = response.headTime
  }

  add(bytes: Uint8Array, time: number): void {
    if (time - this.#lastTime >= HELD_BACK) this.heldUntil = time
    this.#lastTime = time
    const end = this.size + bytes.length
    if (end > this.#limit) throw responseTooLarge(this.#limit)
    const span = this.#response.wireSpan(this.size, end)
    this.wireSize = span === undefined || this.wireSize === undefined ? undefined : this.wireSize + span
    this.#chunks.push(Buffer.from(bytes))
    this.size = end
  }

  bytes(): Uint8Array {
    const [only = NOTHING] = this.#chunks
    return this.#chunks.length < 2 ? only : Buffer.concat(this.#chunks)
  }
}
