/** A response of another program until it is known whether it is a stream, or may be a cycle of a poll. */
import type { Clock } from '../../shared/clock.ts'
import { byteCount } from '../../shared/text/quantities.ts'
import type { BodyEnd, HttpResponse } from '../../transport/http/exchange.ts'
import { TimedBody } from '../../transport/http/timed-body.ts'
import { isSuccess } from '../../transport/http-stream.ts'
import type { SeenResponse } from '../../transport/seen/seen-response.ts'
import { type Detected, detectStream } from '../../transport/stream/detect.ts'
import { BodyProbe } from '../../transport/stream/probe.ts'
import type { ExchangeReader, ObservedExchange } from './observed-exchange.ts'
import type { PollCycle } from './poll-cycle.ts'
import { readBefore } from './read-before.ts'
import { isResource } from './resources.ts'
import type { SeenConnection } from './seen-connection.ts'
import { StreamRecorder } from './stream-recorder.ts'

/** Bytes of a response that are kept until it is known what it is. */
const MAX_KEPT = 256 * 1024

type DetectedStream = Extract<Detected, { readonly kind: 'stream' }>

interface UndecidedHost {
  readonly clock: Clock
  /** Begins a connection that records the exchange. */
  open(transport: 'sse' | 'http-stream'): SeenConnection
  /** The exchange is not a cycle of a poll. */
  dismiss(): void
  /** Adds a note to the session. */
  mark(text: string): void
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
    const limits = { timeout: undefined, limit: MAX_KEPT, lastingIsStream: false, findLate: true }
    const detected = await detectStream(response, { clock, ...limits })
    if (detected.kind === 'events') this.#record('sse', response)
    else if (detected.kind === 'stream') this.#recordStream(response, detected)
    else if (this.#cycle !== undefined) keepRead(this.#cycle, response, detected)
  }

  /** Keeps a response that is not a successful one. */
  async #keep(response: SeenResponse, cycle: PollCycle): Promise<void> {
    const probe = new BodyProbe(response, new TimedBody(response, undefined), MAX_KEPT)
    const end = await probe.endWithin(undefined, () => false)
    if (end !== undefined) keepRead(cycle, response, { probe, end })
  }

  #recordStream(response: SeenResponse, { read, skipped = 0 }: DetectedStream): void {
    const connection = this.#record(
      'http-stream',
      read === undefined ? response : readBefore(response, read, skipped),
    )
    if (skipped > 0)
      this.#host.mark(
        `The first ${byteCount(skipped)} of the response of connection ${connection.id} came before it was known to be a stream, and are not recorded.`,
      )
  }

  #record(transport: 'sse' | 'http-stream', response: HttpResponse): SeenConnection {
    this.#host.dismiss()
    const connection = this.#host.open(transport)
    new StreamRecorder(connection, this.#exchange).begin(response)
    return connection
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
  if (probe.skipped > 0 || (!end.complete && end.failure.code === 'TOO_LARGE')) cycle.isLost = true
  cycle.readBefore(response, probe.bytes().length, (sink) => probe.read(sink))
}
