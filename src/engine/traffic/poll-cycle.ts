/** A request of another program that may be a cycle of a poll: it is kept until that is known. */
import type { BodyEnd, BodySink, HttpResponse } from '../../transport/http/exchange.ts'
import type { SeenResponse } from '../../transport/seen/seen-response.ts'
import type { ExchangeReader, ObservedExchange } from './observed-exchange.ts'
import { readBefore } from './read-before.ts'

export class PollCycle implements ExchangeReader {
  readonly exchange: ObservedExchange
  /** Calls back with the response, or with undefined if there is none. */
  #onHead: (response: HttpResponse | undefined) => void = () => {}
  /** The response; undefined if there is none. */
  readonly response: Promise<HttpResponse | undefined>
  /** When the response was complete; undefined while it is not. */
  ended: number | undefined
  /** Bytes that are kept of it. */
  kept = 0
  /** Its content is too large to be kept. */
  isLost = false
  readonly #onOver: (cycle: PollCycle) => void

  constructor(exchange: ObservedExchange, onOver: (cycle: PollCycle) => void) {
    this.exchange = exchange
    this.#onOver = onOver
    this.response = new Promise((resolve) => {
      this.#onHead = resolve
    })
  }

  get started(): number {
    return this.exchange.start.time
  }

  /** The response as it arrives. */
  head(response: SeenResponse): void {
    this.#onHead(response)
  }

  /** The response whose content was read before. `read` reads it again. */
  readBefore(response: SeenResponse, size: number, read: (sink: BodySink) => Promise<BodyEnd>): void {
    this.kept = size
    this.#onHead(readBefore(response, read))
  }

  failed(): void {
    this.#onHead(undefined)
  }

  over(): void {
    this.ended = this.exchange.time
    this.#onOver(this)
  }
}
