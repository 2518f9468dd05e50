/** The response to one of our own requests. Its body may still be arriving. */
import type { ResponseHead } from '../../parse/http/response-head.ts'
import type { BodyRanges } from '../../parse/record.ts'
import type { Headers, OpenEvent } from '../../shared/event.ts'
import type { ResponseBody } from './body.ts'
import type { Call } from './call.ts'
import type { BodyReader, HeadSizes, HttpResponse } from './exchange.ts'
import { aborted } from './failures.ts'

/** What is known of a response besides its head. */
export interface ResponseFacts extends HeadSizes {
  readonly url: string
  readonly remoteAddress: string | undefined
  readonly tls: OpenEvent['tls']
  readonly timing: OpenEvent['timing']
  readonly redirects: HttpResponse['redirects']
  readonly challenges: number
  readonly requestTime: number
  readonly headTime: number
}

/** What the connection knows of a body. */
export interface BodySizes {
  /** Length of the body so far, without framing. */
  readonly bodyLength: number
  /** As `HttpResponse.wireSpan`, of the coded body. */
  wireSpan(start: number, end: number): number | undefined
  /** As `HttpResponse.wireSpans`. */
  wireSpans(ranges: BodyRanges, into: Uint32Array): boolean
}

/** Where the body comes from. */
export interface ResponseSource {
  readonly sizes: BodySizes
  readonly body: ResponseBody
  /** The body has a coding, which hides the wire sizes of its parts. */
  readonly isCoded: boolean
  /** Whose response it is. */
  readonly call: Pick<Call, 'cancel'>
}

export class ReceivedResponse implements HttpResponse, HeadSizes {
  readonly url: string
  readonly status: number
  readonly headers: Headers
  readonly httpVersion: string
  readonly remoteAddress: string | undefined
  readonly tls: OpenEvent['tls']
  readonly timing: OpenEvent['timing']
  readonly redirects: HttpResponse['redirects']
  readonly challenges: number
  readonly oddities: readonly string[]
  readonly requestHeadSize: number
  readonly headSize: number
  readonly requestTime: number
  readonly headTime: number
  readonly contentLength: number | undefined
  readonly #source: ResponseSource

  constructor(head: ResponseHead, facts: ResponseFacts, source: ResponseSource) {
    this.url = facts.url
    this.status = head.status
    this.headers = head.headers
    this.httpVersion = head.version
    this.remoteAddress = facts.remoteAddress
    this.tls = facts.tls
    this.timing = facts.timing
    this.redirects = facts.redirects
    this.challenges = facts.challenges
    this.oddities = head.oddities
    this.requestHeadSize = facts.requestHeadSize
    this.headSize = facts.headSize
    this.requestTime = facts.requestTime
    this.headTime = facts.headTime
    this.contentLength = head.framing.kind === 'length' ? head.framing.length : undefined
    this.#source = source
  }

  read(reader: BodyReader): void {
    this.#source.body.read(reader)
  }

  wireSpan(start: number, end: number): number | undefined {
    return this.#source.isCoded ? undefined : this.#source.sizes.wireSpan(start, end)
  }

  wireSpans(ranges: BodyRanges, into: Uint32Array): boolean {
    return !this.#source.isCoded && this.#source.sizes.wireSpans(ranges, into)
  }

  wireLength(): number | undefined {
    const { sizes } = this.#source
    return sizes.wireSpan(0, sizes.bodyLength)
  }

  pause(): void {
    this.#source.body.pause()
  }

  resume(): void {
    this.#source.body.resume()
  }

  abort(): void {
    this.#source.call.cancel(aborted(this.url))
  }
}
