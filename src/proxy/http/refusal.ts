/** Answers of the proxy itself. */
import { STATUS_CODES } from 'node:http'
import { MalformedResponse } from '../../parse/http/malformed.ts'

/** Why the proxy does not pass a request on. */
export class Refusal extends Error {
  readonly status: number

  /** `sentence` is for the client. */
  constructor(status: number, sentence: string) {
    super(sentence)
    this.status = status
  }
}

/** Statuses whose responses have no content (RFC 9110 section 6.4.1). */
const WITHOUT_CONTENT: ReadonlySet<number> = new Set([204, 304])

/**
 * The response with a sentence as its content. The connection is closed after it. `HEAD` and statuses without content get
 * none.
 */
export function refusalResponse({ status, message }: Refusal, method: string): Buffer {
  const hasContent = !WITHOUT_CONTENT.has(status)
  const content = Buffer.from(hasContent ? `${message}\n` : '')
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
    ...(hasContent ? ['Content-Type: text/plain; charset=utf-8', `Content-Length: ${content.length}`] : []),
    'Cache-Control: no-store',
    'Connection: close',
  ].join('\r\n')
  return Buffer.concat([Buffer.from(`${head}\r\n\r\n`), ...(method === 'HEAD' ? [] : [content])])
}

/** The refusal of a request for what was thrown while it was read. Throws what is no fault of the request. */
export function refusalFor(thrown: unknown): Refusal {
  if (thrown instanceof Refusal) return thrown
  if (!(thrown instanceof MalformedResponse)) throw thrown
  const status = thrown.code === 'HTTP_OVERLONG' ? 431 : 400
  return new Refusal(status, `The proxy cannot pass this request on: ${thrown.message}.`)
}
