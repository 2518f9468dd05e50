/** A response of another program whose content was read before it was known what the response is. */
import type { BodyEnd, BodySink, HttpResponse } from '../../transport/http/exchange.ts'

/** The response whose content `read` reads again, without the `skipped` bytes at its start. */
export function readBefore(
  response: HttpResponse,
  read: (sink: BodySink) => Promise<BodyEnd>,
  skipped = 0,
): HttpResponse {
  const { url, status, headers, httpVersion, remoteAddress, tls, timing, redirects, challenges } = response
  const { oddities, requestTime, headTime, contentLength, requestHeadSize, headSize } = response
  return {
    ...{ url, status, headers, httpVersion, remoteAddress, tls, timing, redirects, challenges },
    ...{ oddities, requestTime, headTime, contentLength },
    ...(requestHeadSize !== undefined && { requestHeadSize }),
    ...(headSize !== undefined && { headSize }),
    read: (reader) => {
      read(reader).then((end) => reader.ended(end))
    },
    wireSpan: (start, end) => response.wireSpan(start + skipped, end + skipped),
    faultsIn: (start, end) => response.faultsIn?.(start + skipped, end + skipped),
    wireLength: () => response.wireLength(),
    pause: () => response.pause(),
    resume: () => response.resume(),
    abort: () => response.abort(),
  }
}
