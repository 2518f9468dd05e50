/** The body of a request, as far as the HAR contains it. */
import type { ConnectionSpec } from '../../../shared/spec.ts'
import type { ReadEntry } from './read-entry-fields.ts'

/** Undefined if the request had no body. */
export function requestBody({ request }: ReadEntry): ConnectionSpec['body'] {
  const { postData, _content } = request
  if (_content !== undefined) return { base64: _content.text }
  const text = postData === undefined || postData.text !== '' ? postData?.text : fromParams(postData)
  return text === '' ? undefined : text
}

type PostData = NonNullable<ReadEntry['request']['postData']>

/** A form can be listed by its fields (HAR 1.2, `postData`). */
function fromParams({ mimeType, params }: PostData): string {
  const boundary = /;\s*boundary="?([^";\s]+)/i.exec(mimeType)?.[1]
  if (boundary === undefined)
    return new URLSearchParams(params.map(({ name, value }): [string, string] => [name, value])).toString()
  // RFC 7578 section 4.
  const parts = params.map(({ name, value, fileName, contentType }) => {
    const file = fileName === '' ? '' : `; filename="${fileName}"`
    const type = contentType === '' ? '' : `Content-Type: ${contentType}\r\n`
    return `--${boundary}\r\nContent-Disposition: form-data; name="${name}"${file}\r\n${type}\r\n${value}\r\n`
  })
  return params.length === 0 ? '' : `${parts.join('')}--${boundary}--\r\n`
}
