/** A response of another program until it is known whether it is a stream. */
import type { Clock } from '../../shared/clock.ts'
import type { BodyEnd, BodySink } from '../../transport/http/exchange.ts'
import { isSuccess } from '../../transport/http-stream.ts'
import type { SeenResponse } from '../../transport/seen/seen-response.ts'
import { detectStream } from '../../transport/stream/detect.ts'
import type { ExchangeReader, ObservedExchange } from './observed-exchange.ts'
import { isResource } from './resources.ts'
import type { SeenConnection } from './seen-connection.ts'
import { StreamRecorder } from './stream-recorder.ts'

/** Bytes of a response that are kept until it is known what it is. */
const MAX_KEPT = 256 * 1024

interface UndecidedHost {
  readonly clock: Clock
  /** Begins a connection that records the exchange. */
  open(transport: 'sse' | 'http-stream'): SeenConnection
}

export class Undecided implements ExchangeReader {
  readonly #exchange: ObservedExchange
  readonly #host: UndecidedHost

  constructor(exchange: ObservedExchange, host: UndecidedHost) {
    this.#exchange = exchange
    this.#host = host
  }

  head(response: SeenResponse): void {
    if (!isSuccess(response.status) || isResource(this.#exchange.start, response)) return
    void this.#detect(response)
  }

  failed(): void {}

  async #detect(response: SeenResponse): Promise<void> {
    const clock = { startedAt: this.#host.clock.startedAt, now: () => this.#exchange.time }
    const options = { clock, timeout: undefined, limit: MAX_KEPT, lastingIsStream: false }
    const detected = await detectStream(response, options)
    if (detected.kind === 'events') this.#record('sse', response)
    else if (detected.kind === 'stream') this.#record('http-stream', response, detected.read)
  }

  #record(
    transport: 'sse' | 'http-stream',
    response: SeenResponse,
    read?: (sink: BodySink) => Promise<BodyEnd>,
  ): void {
    new StreamRecorder(this.#host.open(transport), this.#exchange).begin(response, read)
  }
}
