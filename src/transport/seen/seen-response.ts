/** A response that another program receives, for what reads our own responses. */
import { bodyFraming } from '../../parse/http/body-framing.ts'
import type { Headers } from '../../shared/headers.ts'
import { DEFAULT_MAX_MESSAGE_SIZE } from '../../shared/spec.ts'
import type { SeenControl, SeenData, SeenHead, SeenStart } from '../../shared/traffic.ts'
import { type BodySource, ResponseBody } from '../http/body.ts'
import { contentCodings } from '../http/coding/decoder.ts'
import type { BodyEnd, BodyReader, HttpResponse } from '../http/exchange.ts'
import { aborted } from '../http/failures.ts'
import { FaultLog } from './fault-log.ts'
import { WireLog } from './wire-log.ts'

export class SeenResponse implements HttpResponse {
  readonly url: string
  readonly status: number
  readonly headers: Headers
  readonly httpVersion: string | undefined
  readonly remoteAddress: string | undefined
  readonly tls: HttpResponse['tls']
  readonly timing: HttpResponse['timing']
  readonly redirects: HttpResponse['redirects']
  readonly challenges = 0
  readonly oddities: readonly string[] = []
  readonly requestTime: number
  readonly headTime: number
  readonly contentLength: number | undefined
  readonly requestHeadSize: number | undefined
  readonly headSize: number | undefined
  /** Bytes of the content so far, in its content coding unless the source has removed it. */
  size = 0
  readonly #body: ResponseBody
  readonly #isCoded: boolean
  readonly #wire = new WireLog()
  readonly #faults = new FaultLog()
  #isPaused = false
  #isRead = false

  /** `control` pauses the source. Aborting the response only ends our reading: the program goes on. */
  constructor({ url, method = 'GET', time }: SeenStart, head: SeenHead, control: SeenControl) {
    this.url = url
    this.status = head.status
    this.headers = withLowerCaseNames(head.headers)
    this.httpVersion = head.httpVersion
    this.remoteAddress = head.remoteAddress
    this.tls = head.tls
    this.timing = head.timing
    this.redirects = head.redirects ?? []
    this.requestTime = time
    this.headTime = head.time
    this.requestHeadSize = head.requestHeadSize
    this.headSize = head.headSize
    this.contentLength = lengthOf(method, head.status, this.headers)
    const codings = head.isDecoded === true ? [] : contentCodings(this.headers['content-encoding'])
    this.#isCoded = codings.length > 0
    this.#body = new ResponseBody(codings, DEFAULT_MAX_MESSAGE_SIZE, pausable(control))
  }

  /** Takes the next bytes of the content. */
  push({ bytes, time, wireSize, faults }: SeenData): void {
    this.size += bytes.length
    if (faults !== undefined) this.#faults.add(this.size, bytes.length, faults)
    this.#wire.add(bytes.length, wireSize)
    const isPassedOn = this.#isRead && !this.#isPaused && !this.#isCoded
    this.#body.push(isPassedOn ? bytes : bytes.slice(), time)
  }

  /** The body has ended, completely or not. */
  finish(end: BodyEnd): void {
    this.#body.finish(end)
  }

  read(reader: BodyReader): void {
    this.#isRead = true
    this.#body.read(reader)
  }

  wireSpan(start: number, end: number): number | undefined {
    return this.#isCoded ? undefined : this.#wire.span(start, end)
  }

  faultsIn(start: number, end: number): readonly string[] | undefined {
    return this.#isCoded ? undefined : this.#faults.within(start, end)
  }

  wireLength(): number | undefined {
    return this.#wire.total
  }

  pause(): void {
    this.#isPaused = true
    this.#body.pause()
  }

  resume(): void {
    this.#body.resume()
    this.#isPaused = false
  }

  abort(): void {
    this.#body.cancel(aborted(this.url), this.headTime)
  }
}

/** The source under the body. If reading stops while the source is paused, it goes on. */
function pausable(control: SeenControl): BodySource {
  let isPaused = false
  const resume = () => {
    if (isPaused) control.resume?.()
    isPaused = false
  }
  return {
    pause: () => {
      isPaused = true
      control.pause?.()
    },
    resume,
    abort: resume,
  }
}

function withLowerCaseNames(headers: Headers): Headers {
  const lower = new Map<string, Headers[string]>()
  for (const [name, value] of Object.entries(headers)) {
    const key = name.toLowerCase()
    const before = lower.get(key)
    lower.set(key, before === undefined ? value : [before, value].flat())
  }
  return Object.fromEntries(lower)
}

/** The length that the head announces; undefined if it announces none, or several. */
function lengthOf(method: string, status: number, headers: Headers): number | undefined {
  try {
    return bodyFraming(method, status, headers).length
  } catch {
    return undefined
  }
}
