/**
 * How the lines of a body are read by its media type, as JetBrains' client, REST Client and httpYac do: fields of a form may be on
 * several lines, and the lines of a multipart body end with CRLF.
 */
import type { Headers } from '../../shared/headers.ts'

export type BodyForm = 'lines' | 'fields' | 'multipart'

/** The form of a body with a media type. */
export function bodyFormOf(contentType: string | undefined): BodyForm {
  const [, type = ''] = /^[ \t]*([^; \t]{1,100})/.exec(contentType ?? '') ?? []
  if (/^multipart\//i.test(type)) return 'multipart'
  return /^application\/x-www-form-urlencoded$/i.test(type) ? 'fields' : 'lines'
}

/** The value of the header. */
export function contentTypeOf(headers: Headers = {}): string | undefined {
  const [, value] = Object.entries(headers).find(([name]) => name.toLowerCase() === 'content-type') ?? []
  return [value].flat()[0]
}

/** What a part of a body stands for. Its placeholders are not filled yet. */
export function readBody(text: string, form: BodyForm): string {
  switch (form) {
    case 'lines':
      return text
    case 'multipart':
      return text.replaceAll('\n', '\r\n')
    case 'fields':
      return text
        .split(/([\n&=])/)
        .map((part) => (part === '\n' ? '' : part.trim()))
        .join('')
  }
}

/** Writes a body so that `readBody` gives it back. */
export function writeBody(text: string, form: BodyForm): string {
  switch (form) {
    case 'lines':
      return text
    case 'multipart':
      return text.replaceAll(/\r\n|\n/g, (lineEnd) => (lineEnd === '\n' ? '{{$char 10}}' : '\n'))
    case 'fields':
      // What is trimmed, and line ends.
      return text.replaceAll(
        /(?<=^|[&=\s])\s|\s(?=$|[&=\s])|\n/g,
        (blank) => `{{$char ${blank.charCodeAt(0)}}}`,
      )
  }
}
