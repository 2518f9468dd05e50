/** Records a response of another program as an event stream or another stream. */
import type { HttpResponse } from '../../transport/http/exchange.ts'
import { receiveStream } from '../../transport/http-stream.ts'
import type { SeenResponse } from '../../transport/seen/seen-response.ts'
import { receiveEvents } from '../../transport/sse.ts'
import type { CutOff, ExchangeReader, ObservedExchange } from './observed-exchange.ts'
import { record, recordFailure } from './recording-context.ts'
import { lastEventIdOf, type SeenConnection } from './seen-connection.ts'

export class StreamRecorder implements ExchangeReader {
  readonly #connection: SeenConnection
  readonly #exchange: ObservedExchange

  /** The connection has begun. */
  constructor(connection: SeenConnection, exchange: ObservedExchange) {
    this.#connection = connection
    this.#exchange = exchange
    exchange.connection = connection
    connection.setControl(exchange.control)
    connection.resumeState.lastEventId = lastEventIdOf(exchange.start) ?? ''
  }

  head(response: SeenResponse): void {
    this.begin(response)
  }

  failed(cutOff: CutOff): void {
    recordFailure(this.#connection, this.#exchange, cutOff)
  }

  /** Reads a response. */
  begin(response: HttpResponse): void {
    const { transport } = this.#connection
    void record(this.#connection, this.#exchange, (context) =>
      transport === 'sse' ? receiveEvents(context, response) : receiveStream(context, response),
    )
  }
}
