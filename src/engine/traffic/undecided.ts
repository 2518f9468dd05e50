/** A response of another program until it is known whether it is a stream, or may be a cycle of a poll. */
import type { Clock } from '../../shared/clock.ts'
import type { BodyEnd, BodySink } from '../../transport/http/exchange.ts'
import { TimedBody } from '../../transport/http/timed-body.ts'
import { isSuccess } from '../../transport/http-stream.ts'
import type { SeenResponse } from '../../transport/seen/seen-response.ts'
import { detectStream } from '../../transport/stream/detect.ts'
import { BodyProbe } from '../../transport/stream/probe.ts'
import type { ExchangeReader, ObservedExchange } from './observed-exchange.ts'
import type { PollCycle } from './poll-cycle.ts'
import { isResource } from './resources.ts'
import type { SeenConnection } from './seen-connection.ts'
import { StreamRecorder } from './stream-recorder.ts'

/** Bytes of a response that are kept until it is known what it is. */
const MAX_KEPT = 256 * 1024

interface UndecidedHost {
  readonly clock: Clock
  /** Begins a connection that records the exchange. */
  open(transport: 'sse' | 'http-stream'): SeenConnection
  /** The exchange is not a cycle of a poll. */
  dismiss(): void
}

export class Undecided implements ExchangeReader {
  readonly #exchange: ObservedExchange
  readonly #cycle: PollCycle | undefined
  readonly #host: UndecidedHost

  /** `cycle`: what it is if it turns out to belong to a poll. */
  constructor(exchange: ObservedExchange, cycle: PollCycle | undefined, host: UndecidedHost) {
    this.#exchange = exchange
    this.#cycle = cycle
    this.#host = host
  }

  head(response: SeenResponse): void {
    if (isResource(this.#exchange.start, response)) {
      this.#host.dismiss()
      ignore(response)
    } else if (isSuccess(response.status)) void this.#detect(response)
    else if (this.#cycle === undefined) ignore(response)
    else void this.#keep(response, this.#cycle)
  }

  failed(): void {
    this.#cycle?.failed()
  }

  over(): void {
    this.#cycle?.over()
  }

  async #detect(response: SeenResponse): Promise<void> {
    const clock = { startedAt: this.#host.clock.startedAt, now: () => this.#exchange.time }
    const options = { clock, timeout: undefined, limit: MAX_KEPT, lastingIsStream: false }
    const detected = await detectStream(response, options)
    if (detected.kind === 'events') this.#record('sse', response)
    else if (detected.kind === 'stream') this.#record('http-stream', response, detected.read)
    else if (this.#cycle !== undefined) keepRead(this.#cycle, response, detected)
  }

  /** Keeps a response that is not a successful one. */
  async #keep(response: SeenResponse, cycle: PollCycle): Promise<void> {
    const probe = new BodyProbe(response, new TimedBody(response, undefined), MAX_KEPT)
    const end = await probe.endWithin(undefined, () => false)
    if (end !== undefined) keepRead(cycle, response, { probe, end })
  }

  #record(
    transport: 'sse' | 'http-stream',
    response: SeenResponse,
    read?: (sink: BodySink) => Promise<BodyEnd>,
  ): void {
    this.#host.dismiss()
    new StreamRecorder(this.#host.open(transport), this.#exchange).begin(response, read)
  }
}

/** Otherwise its content would wait to be read, and its source would be paused. */
function ignore(response: SeenResponse): void {
  response.abort()
}

function keepRead(
  cycle: PollCycle,
  response: SeenResponse,
  { probe, end }: { readonly probe: BodyProbe; readonly end: BodyEnd },
): void {
  if (!end.complete && end.failure.code === 'TOO_LARGE') cycle.isLost = true
  cycle.readBefore(response, probe.bytes().length, (sink) => probe.read(sink))
}
