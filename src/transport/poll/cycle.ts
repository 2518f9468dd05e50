/** One request and its answer. */

import { isValidUtf8 } from '../../parse/utf8.ts'
import type { Cursor } from '../../shared/cursor.ts'
import type { MessageEvent } from '../../shared/event.ts'
import { Failure } from '../../shared/failure.ts'
import { DEFAULT_MAX_MESSAGE_SIZE } from '../../shared/spec.ts'
import type { HttpAgent } from '../http/agent.ts'
import type { ExchangeRequest, HttpResponse } from '../http/exchange.ts'
import { defaultHeaders, withDefaults } from '../http/fields.ts'
import { refusal } from '../http/refusal.ts'
import { exchange } from '../http/request.ts'
import { specRequest } from '../http/spec-request.ts'
import { ImpatientBody } from '../http/stall.ts'
import { emitTrailerError } from '../report.ts'
import type { AttemptContext, ResumeState } from '../transport.ts'
import {
  afterBody,
  afterHead,
  moveTo,
  type Position,
  standStill,
  withCursorHeaders,
  withParams,
} from './cursor.ts'

/** RFC 9110 sections 15.3.5, 15.3.6, 15.4.5 and 15.5.9: nothing, or nothing in time. */
const EMPTY_STATUS: ReadonlySet<number> = new Set([204, 205, 304, 408])
const NOTHING = new Uint8Array()

export interface CycleOptions {
  readonly cursor: Cursor
  /** The requests of the attempt. */
  readonly requests: CycleRequests
  /** The response head was accepted. */
  readonly opened: (response: HttpResponse) => void
  /** The body that is being read, for pausing; undefined once it is read. */
  readonly reading: (body: ImpatientBody | undefined) => void
  /** Milliseconds in which something of a body has to arrive; undefined for as long as the server holds it. */
  readonly stallTimeout: number | undefined
  /** Whether a server may hold the body after the head, as CouchDB does. */
  readonly mayHoldBody: boolean
}

export interface Answer {
  /** Milliseconds from the request to the end of the answer. */
  readonly took: number
  /** The body; undefined where it brought nothing. */
  readonly payload: Uint8Array | undefined
}

/**
 * Runs one cycle: emits `request`, `response`, and `message` where the answer brought something, and moves the
 * cursor. Rejects with a `Failure` for what ends the attempt.
 */
export async function runCycle(context: AttemptContext, options: CycleOptions): Promise<Answer> {
  const response = await request(context, options)
  if (!isAccepted(response.status)) {
    report(context, response, { empty: true })
    throw await refusal(response, context)
  }
  options.opened(response)
  const payload = await readAnswer(context, options, response)
  return { took: context.clock.now() - response.requestTime, payload }
}

function isAccepted(status: number): boolean {
  return EMPTY_STATUS.has(status) || (status >= 200 && status < 300)
}

interface Reported {
  readonly empty: boolean
  /** Where its cursor leads; absent: it stands where it stood. */
  readonly position?: Pick<Position, 'cursor'>
  /** When the server let go of the answer; absent: with the head. */
  readonly heldUntil?: number
}

/** Emits `response`. */
function report(
  { emit, resume }: AttemptContext,
  { status, headers, headTime, requestTime, redirects, oddities }: HttpResponse,
  { empty, position = resume, heldUntil = headTime }: Reported,
): void {
  const { cursor } = position
  emit({
    type: 'response',
    time: heldUntil,
    status,
    headers,
    held: heldUntil - requestTime,
    ...(heldUntil > headTime && { head: headTime - requestTime }),
    empty,
    ...(cursor !== undefined && { cursor }),
    ...(redirects.length > 0 && { redirects }),
    ...(oddities.length > 0 && { oddities }),
  })
}

/** Reads an accepted answer to its end; what it brought, or undefined. */
async function readAnswer(
  context: AttemptContext,
  { cursor, reading, stallTimeout, mayHoldBody }: CycleOptions,
  response: HttpResponse,
): Promise<Uint8Array | undefined> {
  const { resume, emit, spec } = context
  const body = new PollBody(response, spec.maxMessageSize ?? DEFAULT_MAX_MESSAGE_SIZE)
  let position: Position =
    response.status === 408 ? standStill(resume, false) : afterHead(cursor, response.headers, resume)
  const saysNothing = EMPTY_STATUS.has(response.status) || !position.moved
  let reported = false
  const reportOnce = (empty: boolean) => {
    const heldUntil = mayHoldBody ? body.heldUntil : response.headTime
    if (!reported) report(context, response, { empty, position, heldUntil })
    reported = true
  }
  const impatient = new ImpatientBody(response, stallTimeout)
  reading(impatient)
  const end = await impatient.read({
    data(bytes, time) {
      body.add(bytes, time)
      // Told as soon as it is known, so that it stands in the session where it happened.
      if (cursor.kind !== 'json' && !mayHoldBody) reportOnce(saysNothing)
    },
  })
  reading(undefined)
  if (!end.complete) {
    const nothing = saysNothing || body.size === 0
    reportOnce(nothing)
    if (!nothing && end.failure.code !== 'TOO_LARGE')
      emit({ ...messageOf(body.bytes(), end.time), truncated: true })
    throw end.failure
  }
  const payload = body.bytes()
  let failure: unknown
  if (cursor.kind === 'json' && !saysNothing && body.size > 0) {
    try {
      position = afterBody(cursor, payload, resume)
    } catch (error) {
      // What came is told before the attempt fails over it.
      failure = error
    }
  }
  const empty = saysNothing || !position.moved || body.size === 0
  reportOnce(empty)
  moveTo(position, resume)
  if (!empty) {
    const wireSize = body.wireSize ?? response.wireLength()
    const { oddities } = end
    emit({
      ...messageOf(payload, end.time),
      ...(wireSize !== undefined && { wireSize }),
      ...(oddities && { oddities }),
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

function request(context: AttemptContext, { requests }: CycleOptions): Promise<HttpResponse> {
  const { clock, resume, emit } = context
  const next = requests.next(resume)
  const { url, headers } = next
  const { cursor } = resume
  emit({ type: 'request', time: clock.now(), url, headers, ...(cursor !== undefined && { cursor }) })
  return exchange(next)
}

/** The requests of an attempt: the very same one for as long as the cursor's fields and parameters are the same. */
export class CycleRequests {
  readonly #fixed: Omit<ExchangeRequest, 'url'>
  readonly #url: string
  #params: ResumeState['cursorParams'] | undefined
  #fields: ResumeState['cursorHeaders'] | undefined
  #last: ExchangeRequest | undefined

  constructor(
    { spec, network, clock, signal }: AttemptContext,
    agent: HttpAgent,
    headTimeout: number | undefined,
  ) {
    this.#url = spec.url
    const own = specRequest(spec)
    const headers = withDefaults(own.headers, defaultHeaders('*/*'))
    this.#fixed = { ...own, headers, spec, network, clock, signal, headTimeout, agent }
  }

  next({ cursorParams, cursorHeaders }: ResumeState): ExchangeRequest {
    if (this.#last !== undefined && cursorParams === this.#params && cursorHeaders === this.#fields)
      return this.#last
    this.#params = cursorParams
    this.#fields = cursorHeaders
    this.#last = {
      ...this.#fixed,
      url: withParams(this.#url, cursorParams),
      headers: withCursorHeaders(this.#fixed.headers, cursorHeaders),
    }
    return this.#last
  }
}

/** Milliseconds without a byte within a body that are the server's holding it, rather than the network's slowness. */
const HELD_BACK = 100

/** A body as it is collected, within bounds. */
class PollBody {
  readonly #response: HttpResponse
  readonly #limit: number
  #chunks: Uint8Array[] = []
  #lastTime: number
  /** When the last arrival came that the server had held back; the head's where it held back nothing. */
  heldUntil: number
  size = 0
  /** Bytes on the connection; undefined where a content coding hides what each piece took. */
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
    if (end > this.#limit)
      throw new Failure(
        'TOO_LARGE',
        `An answer is larger than the limit of ${this.#limit} bytes, so it was given up; raise maxMessageSize to receive it.`,
      )
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
