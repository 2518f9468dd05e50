/** A request of a program with its response, as DevTools reports it. */
import { isUtf8 } from 'node:buffer'
import type { Headers, Redirect } from '../shared/event.ts'
import type { SeenData, SeenExchange, SourceLocation } from '../shared/traffic.ts'
import type { NetworkEvents, NetworkResponse } from './network-events.ts'
import { failureCodeOf } from './network-failure.ts'
import type { Departure, ObservedTarget } from './observed-target.ts'
import { OrderedTimes } from './program-clock.ts'
import { ResponseContent } from './response-content.ts'
import { factsOf, headersOf, ownHeadersOf, valueIn } from './response-facts.ts'
import { Steps } from './steps.ts'

export type Request = NetworkEvents['Network.requestWillBeSent']

/** Bytes of a response that is read although it may not be recorded, such as that of the first cycle of a poll. */
const MAX_UNRECORDED = 1024 * 1024
/** Types of requests by which a page loads its parts, and not data. */
const PARTS_OF_PAGE = new Set([
  'Document',
  'Stylesheet',
  'Image',
  'Media',
  'Font',
  'Script',
  'TextTrack',
  'Manifest',
])
const MAX_REDIRECTS = 20
/** Milliseconds that a response waits for the fields on the connection, which the program has announced. */
const FIELDS_TIMEOUT = 10_000
/** Events of an event stream that are kept until its bytes are known. If there are more, the session says how many. */
const MAX_EVENTS = 1000

/** All times are on the host's clock. */
export class ObservedExchange {
  /** Names the document that it belongs to. */
  readonly document: string
  readonly #target: ObservedTarget
  readonly #request: Request
  readonly #startedAt: number
  readonly #times = new OrderedTimes()
  readonly #steps = new Steps()
  readonly #redirects: Redirect[] = []
  readonly #content: ResponseContent
  /** Used if the program does not give the bytes. */
  readonly #events: SeenData[] = []
  /** Events beyond these. */
  #dropped = 0
  #sentFields: Readonly<Record<string, string>> | undefined
  #receivedFields: { readonly status: number | undefined; readonly headers: Headers } | undefined
  /** Ends the waiting for the fields on the connection. */
  #onFields: (() => void) | undefined
  #initiator: SourceLocation | undefined
  #seen: SeenExchange | undefined
  /** Its content is read although it may not be recorded. */
  #isRead = false

  constructor(target: ObservedTarget, request: Request, startedAt: number) {
    this.#target = target
    this.#request = request
    this.#startedAt = startedAt
    this.document = request.loaderId
    this.#content = new ResponseContent(request.requestId, (method, params) => target.call(method, params))
    this.#steps.add(() =>
      target.locate(request.initiator)?.then((location) => {
        this.#initiator = location
      }),
    )
  }

  /** Waits for fields that the program reports apart from the response, and possibly after its end. */
  get awaitsFields(): boolean {
    return this.#onFields !== undefined
  }

  /** The fields of the request on the connection, with cookies. */
  sent(fields: Readonly<Record<string, string>>): void {
    this.#sentFields ??= fields
    // It may wait for its response for a long time.
    this.#steps.add(() => {
      this.#begin()
      return undefined
    })
  }

  /** The fields of a response on the connection, with cookies. */
  received({ headers, statusCode: status }: NetworkEvents['Network.responseReceivedExtraInfo']): void {
    this.#receivedFields = { status, headers: headersOf(headers) }
    this.#onFields?.()
  }

  redirected({ status, headers: fields }: NetworkResponse): void {
    const location = valueIn(headersOf(fields), 'location')
    if (location !== undefined && this.#redirects.length < MAX_REDIRECTS)
      this.#redirects.push({ status, location })
  }

  response({ response, type, hasExtraInfo }: NetworkEvents['Network.responseReceived'], time: number): void {
    const length = valueIn(headersOf(response.headers), 'content-length') ?? 0
    this.#isRead = !PARTS_OF_PAGE.has(type) && Number(length) <= MAX_UNRECORDED
    const reading = this.#isRead ? this.#content.read() : undefined
    this.#steps.add(() => reading)
    if (hasExtraInfo && !this.#hasFields(response.status)) {
      const fields = this.#fields(response.status)
      // Requests begin in the order in which they are answered.
      this.#steps.add(() => {
        this.#begin()
        return fields
      })
    }
    this.#steps.add(() => {
      const seen = this.#begin()
      const { status } = response
      const received = this.#receivedFields?.status === status ? this.#receivedFields.headers : undefined
      const headers = received ?? headersOf(response.headers)
      seen.response({
        ...{ time: this.#times.next(time), status, headers, ...factsOf(response) },
        ...(this.#redirects.length > 0 && { redirects: [...this.#redirects] }),
        ...(valueIn(headers, 'content-encoding') !== undefined && { isDecoded: true }),
      })
      return this.#isRead || seen.id === undefined ? undefined : this.#content.read()
    })
    this.#steps.add(() => {
      const bytes = this.#content.unannounced()
      if (bytes !== undefined) this.#seen?.data({ time: this.#times.next(time), bytes })
      return undefined
    })
  }

  data({ dataLength, data }: NetworkEvents['Network.dataReceived'], time: number): void {
    if (data === undefined) this.#content.announce(dataLength)
    this.#steps.add(() => {
      const at = this.#times.next(time)
      const bytes = this.#content.take(data, dataLength, at)
      if (bytes !== undefined) this.#seen?.data({ time: at, bytes })
      return undefined
    })
  }

  /** An event of an event stream, as its page receives it. */
  event(event: NetworkEvents['Network.eventSourceMessageReceived'], time: number): void {
    if (this.#content.hasGiven) return
    if (this.#events.length >= MAX_EVENTS) this.#dropped++
    else this.#events.push({ time, bytes: Buffer.from(eventText(event)) })
  }

  finished(time: number): void {
    this.#steps.add(() => this.#missing(time))
    this.#steps.add(() => {
      this.#begin().end({ time: this.#times.next(time) })
      return undefined
    })
  }

  failed({ errorText, canceled }: NetworkEvents['Network.loadingFailed'], time: number): void {
    const message = `The program's request failed: ${errorText}`
    this.#steps.add(() => {
      this.#begin().fail({
        ...{ time: this.#times.next(time), by: canceled ? 'client' : 'network' },
        ...(!canceled && { error: { code: failureCodeOf(errorText), message } }),
      })
      return undefined
    })
  }

  /** It ended, or is no longer seen, because of something else. */
  left({ time, ...departure }: Departure): void {
    this.#steps.flush()
    this.#seen?.fail({ ...departure, time: this.#times.next(time) })
  }

  #hasFields(status: number): boolean {
    return this.#receivedFields?.status === status
  }

  /** Resolves if the fields of the response with that status arrive, or do not in time. */
  #fields(status: number): Promise<void> {
    return new Promise((resolve) => {
      const end = () => {
        clearTimeout(timer)
        this.#onFields = undefined
        resolve()
      }
      const timer = setTimeout(end, FIELDS_TIMEOUT)
      this.#onFields = () => {
        if (this.#hasFields(status)) end()
      }
    })
  }

  /** Reports what of the content was not given while it arrived. */
  #missing(time: number): Promise<void> | undefined {
    const { host } = this.#target
    if (this.#seen?.id === undefined && !this.#isRead) return undefined
    return this.#content.rest(this.#times.next(time))?.then((parts) => {
      for (const part of parts) this.#seen?.data(part)
      if (parts.length > 0 || this.#content.isEmpty) return
      if (!this.#content.hasGiven)
        for (const event of this.#events) this.#seen?.data({ ...event, time: this.#times.next(event.time) })
      if (this.#seen?.id === undefined) return
      const dropped = this.#dropped === 0 ? '' : `, and without the last ${this.#dropped} of them`
      const instead =
        this.#events.length === 0 || this.#content.hasGiven
          ? ''
          : `; its events are those that the page received, without comments${dropped}`
      host.mark(
        `The program did not give the content of a response of connection ${this.#seen.id}${instead}.`,
      )
    })
  }

  /** Reports that the program sent the request, unless it was reported. */
  #begin(): SeenExchange {
    if (this.#seen !== undefined) return this.#seen
    const { host, control, program, through } = this.#target
    const { request } = this.#request
    const body = bodyOf(request)
    this.#seen = host.exchange(
      {
        ...{ source: 'debugger', url: request.url, method: request.method, program, through },
        headers: ownHeadersOf(this.#sentFields ?? request.headers),
        time: this.#times.next(this.#startedAt),
        ...(body !== undefined && { body }),
        ...(this.#initiator !== undefined && { initiator: this.#initiator }),
      },
      control,
    )
    return this.#seen
  }
}

function bodyOf({
  postData,
  postDataEntries,
}: Request['request']): string | { readonly base64: string } | undefined {
  if (postDataEntries === undefined || postDataEntries.length === 0) return postData
  const bytes = Buffer.concat(postDataEntries.map((entry) => Buffer.from(entry.bytes ?? '', 'base64')))
  return isUtf8(bytes) ? bytes.toString() : { base64: bytes.toString('base64') }
}

/** An event in the format of event streams, from which it was read. */
function eventText({
  eventName,
  eventId,
  data,
}: NetworkEvents['Network.eventSourceMessageReceived']): string {
  const lines = [
    ...(eventName === 'message' ? [] : [`event: ${eventName}`]),
    ...(eventId === '' ? [] : [`id: ${eventId}`]),
    ...data.split('\n').map((line) => `data: ${line}`),
  ]
  return `${lines.join('\n')}\n\n`
}
