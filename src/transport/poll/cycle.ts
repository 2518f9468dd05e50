/** The response of one cycle of a poll. */
import { isValidUtf8 } from '../../parse/utf8.ts'
import type { Cursor } from '../../shared/cursor.ts'
import type { MessageEvent } from '../../shared/event.ts'
import { toMicroseconds } from '../../shared/numbers.ts'
import { DEFAULT_MAX_MESSAGE_SIZE } from '../../shared/spec.ts'
import {
  afterBody,
  afterHead,
  applyPosition,
  type CursorPosition,
  droppedCursor,
  samePosition,
} from '../cursor.ts'
import type { BodyEnd, BodyReader, HttpResponse } from '../http/exchange.ts'
import { refusal } from '../http/refusal.ts'
import { TimedBody } from '../http/timed-body.ts'
import { emitTrailerError, headSizes } from '../report.ts'
import type { AttemptContext } from '../transport.ts'
import { PollBody } from './poll-body.ts'

/** Statuses without a message: 204, 205 and 304 have no content, 408 is a timeout (RFC 9110 section 15). */
const EMPTY_STATUS: ReadonlySet<number> = new Set([204, 205, 304, 408])

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

/** Gets what comes of a response: one of the two, maybe at once. */
export interface CycleReceiver {
  received(result: CycleResult): void
  /** `error` is a `Failure` that ends the attempt, unless something is wrong in this program. */
  failed(error: unknown): void
}

/** Emits `response` and, unless the response is empty, `message`, and moves the cursor. */
export function receiveCycle(
  context: AttemptContext,
  options: CycleOptions,
  response: HttpResponse,
  receiver: CycleReceiver,
): void {
  if (isAccepted(response.status)) {
    options.opened(response)
    new AcceptedResponse(context, options, response, receiver).read()
    return
  }
  emitResponse(context, response, { empty: true })
  refusal(response, context).then(
    (refused) => receiver.failed(droppedCursor(response.status, context.resume) ?? refused),
    (error) => receiver.failed(error),
  )
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

/** Reads an accepted response to its end. */
class AcceptedResponse implements BodyReader {
  readonly #context: AttemptContext
  readonly #options: CycleOptions
  readonly #response: HttpResponse
  readonly #receiver: CycleReceiver
  readonly #body: PollBody
  #position: CursorPosition
  readonly #isEmptyByHead: boolean
  #isEmitted = false

  constructor(
    context: AttemptContext,
    options: CycleOptions,
    response: HttpResponse,
    receiver: CycleReceiver,
  ) {
    this.#context = context
    this.#options = options
    this.#response = response
    this.#receiver = receiver
    const { resume, spec } = context
    this.#body = new PollBody(response, spec.maxMessageSize ?? DEFAULT_MAX_MESSAGE_SIZE)
    this.#position =
      response.status === 408
        ? samePosition(resume, false)
        : afterHead(options.cursor, response.headers, resume)
    this.#isEmptyByHead = EMPTY_STATUS.has(response.status) || !this.#position.moved
  }

  read(): void {
    const timed = new TimedBody(this.#response, this.#options.stallTimeout)
    this.#options.reading(timed)
    timed.read(this)
  }

  data(bytes: Uint8Array, time: number): void {
    this.#body.add(bytes, time)
    const { cursor, mayHoldBody } = this.#options
    // Emitted as soon as it is certain, so that the event is in its place in the session.
    if (cursor.kind !== 'json' && !mayHoldBody) this.#emitResponse(this.#isEmptyByHead)
  }

  ended(end: BodyEnd): void {
    try {
      this.#options.reading(undefined)
      const payload = this.#finish(end)
      const took = this.#context.clock.now() - this.#response.requestTime
      this.#receiver.received({ took, payload })
    } catch (error) {
      this.#receiver.failed(error)
    }
  }

  /** Returns the message; undefined if the response was empty. */
  #finish(end: BodyEnd): Uint8Array | undefined {
    const { resume, emit } = this.#context
    const { cursor } = this.#options
    const body = this.#body
    if (!end.complete) {
      const empty = this.#isEmptyByHead || body.size === 0
      this.#emitResponse(empty)
      if (!empty && end.failure.code !== 'TOO_LARGE')
        emit({ ...messageOf(body.bytes(), end.time), truncated: true })
      throw end.failure
    }
    const payload = body.bytes()
    let failure: unknown
    if (cursor.kind === 'json' && !this.#isEmptyByHead && body.size > 0) {
      try {
        this.#position = afterBody(cursor, payload, resume)
      } catch (error) {
        // Thrown later, after the events of the response.
        failure = error
      }
    }
    const empty = this.#isEmptyByHead || !this.#position.moved || body.size === 0
    this.#emitResponse(empty)
    applyPosition(this.#position, resume)
    if (!empty) {
      const wireSize = body.wireSize ?? this.#response.wireLength()
      const { oddities } = end
      const faults = this.#response.faultsIn?.(0, body.size)
      emit({
        ...messageOf(payload, end.time),
        ...(wireSize !== undefined && { wireSize }),
        ...(oddities && { oddities }),
        ...(faults && { faults }),
      })
    }
    emitTrailerError(this.#context, this.#response, end)
    if (failure !== undefined) throw failure
    return empty ? undefined : payload
  }

  /** Emits `response`, unless it was emitted before. */
  #emitResponse(empty: boolean): void {
    if (this.#isEmitted) return
    // First, because an abort while the event is emitted ends the cycle.
    this.#isEmitted = true
    const response = this.#response
    const heldUntil = this.#options.mayHoldBody ? this.#body.heldUntil : response.headTime
    emitResponse(this.#context, response, { empty, position: this.#position, heldUntil })
  }
}

function messageOf(payload: Uint8Array, time: number): Omit<MessageEvent, 'connection'> {
  const opcode = isValidUtf8(payload) ? 'text' : 'binary'
  return { type: 'message', time, direction: 'in', payload, opcode }
}
