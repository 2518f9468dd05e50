/** Puts the requests and responses of a poll together into cycles, and says what each brought. */
import { createHash } from 'node:crypto'
import type { ErrorEvent, RealtimeEvent, ResponseEvent } from '../../../shared/event.ts'
import type { EventType } from '../../../shared/event-types.ts'
import type { Headers } from '../../../shared/headers.ts'
import { getOrMake } from '../../../shared/maps.ts'
import { transportsWith } from '../../../shared/transports.ts'
import type { RuleEvent } from '../../rule-event.ts'

/** What the rules about polls look at. */
export const POLLING = transportsWith('polls', true)
export const CYCLE_EVENTS: readonly EventType[] = ['request', 'response', 'message', 'error', 'close']

/** A larger body counts as new. */
const MAX_COMPARED = 1 << 20

/** `same` is a body that is identical to the one before it, if bodies are compared; `failed` is a status from 400 on. */
export type Outcome = 'new' | 'same' | 'empty' | 'failed'

/** A request that was answered. Times are session times in ms, event numbers count from 1. */
export interface Cycle {
  readonly started: number
  readonly ended: number
  /** Milliseconds until the server released the response. */
  readonly held: number
  readonly requestNumber: number
  readonly number: number
  readonly requestHeaders: Headers
  readonly response: ResponseEvent
  readonly outcome: Outcome
  /** Bytes of the heads, and of the body. */
  readonly heads: number
  readonly body: number
}

/** A request that ended with an error instead of a response. */
export interface BrokenCycle {
  readonly started: number
  readonly ended: number
  readonly number: number
  /** As in `ErrorEvent`. */
  readonly code: string
}

interface Asked {
  readonly time: number
  readonly number: number
  readonly headers: Headers
}

export interface CycleListener {
  /** Whether it tells `same` from `new`, so that bodies are read and compared. Default false. */
  readonly comparesBodies?: boolean
  /** Called when a response is complete. */
  cycle(cycle: Cycle): void
  broken?(cycle: BrokenCycle): void
}

/** Calls the listener for each cycle, in order. */
export class CycleReader {
  readonly #listener: CycleListener
  #asked: Asked | undefined
  #answered: { readonly event: ResponseEvent; readonly number: number } | undefined
  /** Of the latest body. Undefined if it is not known. */
  #digest: string | undefined

  constructor(listener: CycleListener) {
    this.#listener = listener
  }

  add(event: RuleEvent): void {
    if (event.type === 'message') {
      if (!event.isOut) this.#end(event)
      return
    }
    const { full, number } = event
    switch (full.type) {
      case 'request':
        // A request of its own, such as one that sends something.
        if (full.method !== undefined || full.automatic !== undefined) return
        this.#end()
        this.#asked = { time: full.time, number, headers: full.headers }
        break
      case 'response':
        this.#answered = { event: full, number }
        if (full.empty) this.#end()
        break
      case 'error':
        this.#break(full, number)
        break
      case 'close':
        this.#forget()
        break
    }
  }

  /** Events were left out. */
  skipped(): void {
    this.#forget()
    this.#digest = undefined
  }

  #forget(): void {
    this.#asked = undefined
    this.#answered = undefined
  }

  #break({ time, code, status }: ErrorEvent, number: number): void {
    const asked = this.#asked
    this.#forget()
    if (asked === undefined || status !== undefined) return
    this.#listener.broken?.({ started: asked.time, ended: time, number: number + 1, code })
  }

  /** The response is complete, with the message if it has one. */
  #end(message?: RuleEvent): void {
    const asked = this.#asked
    const answered = this.#answered
    this.#forget()
    if (asked === undefined || answered === undefined) return
    const { event, number } = answered
    const outcome = this.#outcomeOf(event, message)
    this.#listener.cycle({
      started: asked.time,
      ended: message?.time ?? event.time,
      held: event.held ?? event.time - asked.time,
      requestNumber: asked.number + 1,
      number: number + 1,
      requestHeaders: asked.headers,
      response: event,
      outcome,
      heads: headsOf(asked.headers, event),
      body: message?.wireSize ?? message?.size ?? 0,
    })
  }

  #outcomeOf({ status = 200, empty }: ResponseEvent, message?: RuleEvent): Outcome {
    if (message === undefined) return !empty ? 'new' : status >= 400 && status !== 408 ? 'failed' : 'empty'
    if (this.#listener.comparesBodies !== true) return 'new'
    const digest = digestOf(message.full)
    const isSame = digest !== undefined && digest === this.#digest
    this.#digest = digest
    return isSame ? 'same' : 'new'
  }
}

/** Digests of bodies: several rules compare the same ones. */
const digests = new WeakMap<RealtimeEvent, string>()

/** Undefined if the body is not known, or too large. */
function digestOf(event: RealtimeEvent): string | undefined {
  if (event.type !== 'message' || event.dropped !== undefined || event.payload.length > MAX_COMPARED)
    return undefined
  return getOrMake(digests, event, () => createHash('sha1').update(event.payload).digest('base64'))
}

/** Bytes of the heads of a request and its response: as measured, or about as large as their fields are written. */
function headsOf(requestHeaders: Headers, { headers, requestHeadSize, headSize }: ResponseEvent): number {
  return (requestHeadSize ?? writtenSize(requestHeaders)) + (headSize ?? writtenSize(headers))
}

/** Of the fields as `name: value` and a line end, the first line and the empty line (RFC 9112 section 2.1). */
function writtenSize(headers: Headers): number {
  let size = FIRST_LINE
  for (const [name, values] of Object.entries(headers))
    for (const value of typeof values === 'string' ? [values] : values) size += name.length + value.length + 4
  return size
}

/** Of `HTTP/1.1 200 OK` and two line ends. That of a request is longer by its path. */
const FIRST_LINE = 19
