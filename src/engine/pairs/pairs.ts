/**
 * Which event answers which: a pong its ping, and a message its request, as the protocol of the connection says, or else by
 * the fields that name a request.
 */
import type { Log } from '../../capture/recording.ts'
import { typeOf } from '../../shared/event-columns.ts'
import type { RequestPair } from '../../shared/protocol/payloads.ts'
import { answerIn, isBeside } from '../decoding/pairs-in-messages.ts'
import type { SessionDecoding } from '../decoding/session-decoding.ts'
import { requireKept } from '../payload/connection-events.ts'
import { pingPair } from './ping-pairs.ts'
import { ReplyKeys } from './reply-keys.ts'

export class Pairs {
  readonly #log: Log
  readonly #decoding: SessionDecoding
  readonly #replies: ReplyKeys

  constructor(log: Log, decoding: SessionDecoding) {
    this.#log = log
    this.#decoding = decoding
    this.#replies = new ReplyKeys(log)
  }

  /** Names of the fields that name a request; `a.b` is the field `b` of the field `a`. */
  set replyKeys(keys: readonly string[]) {
    this.#replies.keys = keys
  }

  /** Every event was cleared. */
  clear(): void {
    this.#replies.clear()
  }

  /** Milliseconds from a request to its first answer, which is this message. What follows it belongs to the same answer. */
  latency(index: number): number | undefined {
    const events = this.#decoding.at(index) ?? []
    const answer = answerIn(events)
    // The row of the message shows another packet.
    if (answer !== undefined && isBeside(answer, events)) return undefined
    const pair = this.#answering(index)
    const isFirst = pair?.by !== 'protocol' || this.#decoding.answerTo(pair.request) === index
    return isFirst ? pair?.took : undefined
  }

  /** The pair that an event is one half of; undefined if there is none. Throws NO_EVENT. */
  of(index: number): RequestPair | undefined {
    requireKept(this.#log, index)
    if (typeOf(this.#log.row(index).kind) === 'message')
      return this.#answering(index) ?? this.#answered(index)
    const { ping, pong } = pingPair(this.#log, index) ?? {}
    return ping && pong && this.#pair('ping', ping.index, pong.index)
  }

  #answering(index: number): RequestPair | undefined {
    const answer = answerIn(this.#decoding.at(index) ?? [])
    if (answer?.answers !== undefined) {
      const { answers, latency = 0 } = answer
      return { by: 'protocol', request: answers - 1, response: index, took: latency }
    }
    const request = this.#replies.requestOf(index)
    return request === undefined ? undefined : this.#pair('id', request, index)
  }

  #answered(index: number): RequestPair | undefined {
    const answer = this.#decoding.answerTo(index)
    if (answer !== undefined) return this.#pair('protocol', index, answer)
    const reply = this.#replies.answerTo(index)
    return reply === undefined ? undefined : this.#pair('id', index, reply)
  }

  #pair(by: RequestPair['by'], request: number, response: number): RequestPair {
    const took = this.#log.row(response).time - this.#log.row(request).time
    return { by, request, response, took }
  }
}
