/** Reports a request and its response while they pass. */
import type { Headers } from '../../shared/headers.ts'
import { decodeUtf8 } from '../../shared/text/decode.ts'
import type {
  SeenControl,
  SeenData,
  SeenExchange,
  SeenFailure,
  SeenHead,
  SeenStart,
  TrafficHost,
} from '../../shared/traffic.ts'

/** Larger contents of requests are not recorded. Bytes. */
const MAX_REQUEST_CONTENT = 1024 * 1024

/** What is told about an exchange. A WebSocket has a reporter of its own until its handshake is refused. */
export class ExchangeReport {
  readonly #host: TrafficHost
  readonly #start: SeenStart
  readonly #control: SeenControl
  #content: Buffer[] | undefined = []
  #size = 0
  #isWhole = false
  #exchange: SeenExchange | undefined
  #over = false

  constructor(host: TrafficHost, start: SeenStart, control: SeenControl) {
    this.#host = host
    this.#start = start
    this.#control = control
  }

  /** The number of its connection, if it is recorded. */
  get id(): number | undefined {
    return this.#exchange?.id
  }

  /** Whether it is recorded. */
  get isRecorded(): boolean {
    return this.#exchange?.id !== undefined
  }

  requestContent(bytes: Uint8Array): void {
    this.#size += bytes.length
    if (this.#size > MAX_REQUEST_CONTENT) this.#content = undefined
    this.#content?.push(Buffer.from(bytes))
  }

  /** The request is complete, so the exchange can be reported with its content. */
  requested(): void {
    this.#isWhole = true
    if (!this.#over) this.#begin()
  }

  response(head: SeenHead): void {
    this.#begin().response(head)
  }

  data(data: SeenData): void {
    this.#exchange?.data(data)
  }

  end(time: number, trailers: Headers | undefined): void {
    if (this.#over) return
    this.#over = true
    this.#begin().end({ time, ...(trailers !== undefined && { trailers }) })
  }

  fail(failure: SeenFailure): void {
    if (this.#over) return
    this.#over = true
    this.#begin().fail(failure)
  }

  #begin(): SeenExchange {
    this.#exchange ??= this.#host.exchange(this.#withBody(), this.#control)
    this.#content = undefined
    return this.#exchange
  }

  #withBody(): SeenStart {
    if (this.#content === undefined || this.#size === 0 || !this.#isWhole) return this.#start
    const bytes = Buffer.concat(this.#content)
    return { ...this.#start, body: decodeUtf8(bytes) ?? { base64: bytes.toString('base64') } }
  }
}
