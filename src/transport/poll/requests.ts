/** The requests of an attempt to poll. */
import { withParams } from '../../shared/url-params.ts'
import { browserHeaders } from '../browser/browser-headers.ts'
import { withCursorHeaders } from '../cursor.ts'
import type { HttpAgent } from '../http/agent.ts'
import type { ExchangeRequest } from '../http/exchange.ts'
import { defaultHeaders, withDefaults } from '../http/fields.ts'
import { Exchange, type ResponseReceiver } from '../http/request.ts'
import { specRequest } from '../http/spec-request.ts'
import type { AttemptContext, ResumeState } from '../transport.ts'

/** Emits `request` and sends it. The receiver gets the response's head, or a `Failure` that ends the attempt. */
export function sendRequest(
  { clock, resume, emit }: AttemptContext,
  requests: CycleRequests,
  receiver: ResponseReceiver,
): void {
  const { url, headers } = requests.at(resume)
  const { cursor } = resume
  emit({ type: 'request', time: clock.now(), url, headers, ...(cursor !== undefined && { cursor }) })
  requests.send(receiver)
}

/** The requests of an attempt. A request is prepared once and sent again for as long as the cursor stays the same. */
export class CycleRequests {
  readonly #base: ExchangeRequest
  #params: ResumeState['cursorParams'] | undefined
  #headers: ResumeState['cursorHeaders'] | undefined
  #request: ExchangeRequest
  #exchange: Exchange | undefined

  constructor(
    { spec, network, clock, signal, hook, connected }: AttemptContext,
    agent: HttpAgent,
    headTimeout: number | undefined,
  ) {
    const own = specRequest(spec)
    const headers =
      spec.asBrowser === true
        ? browserHeaders({ ...own, api: 'fetch', url: new URL(spec.url) })
        : withDefaults(own.headers, defaultHeaders('*/*'))
    this.#base = {
      ...own,
      url: spec.url,
      headers,
      spec,
      network,
      clock,
      signal,
      hook,
      connected,
      headTimeout,
      agent,
    }
    this.#request = this.#base
  }

  /** Returns the request for a cursor, which the next `send` sends. */
  at({ cursorParams, cursorHeaders }: ResumeState): ExchangeRequest {
    if (cursorParams === this.#params && cursorHeaders === this.#headers) return this.#request
    this.#params = cursorParams
    this.#headers = cursorHeaders
    this.#request = {
      ...this.#base,
      url: withParams(this.#base.url, cursorParams),
      headers: withCursorHeaders(this.#base.headers, cursorHeaders),
    }
    this.#exchange = undefined
    return this.#request
  }

  /** Sends the request. */
  send(receiver: ResponseReceiver): void {
    this.#exchange ??= new Exchange(this.#request)
    this.#exchange.send(receiver)
  }
}
