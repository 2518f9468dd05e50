/** Secrets that stand in the text of a `.http` file, where everybody who gets the file can read them. */
import { isSecretHeader, isSecretParam, looksSecret, MASK } from '../../shared/secrets.ts'
import type { FileRequest, Span } from '../file/request-file.ts'

export interface LiteralSecret extends Span {
  /** The part of the text that is secret. */
  readonly text: string
  /** Where it stands, such as `Authorization`. */
  readonly place: string
  /** A name for it. */
  readonly suggestion: string
}

/** The scheme in front of credentials (RFC 9110 section 11.6.2). */
const SCHEME = /^[A-Za-z][\w-]{0,31}[ \t]{1,8}(?=\S)/
const PARAMETER = /[?&]([^=&#{}\s]{1,128})=([^&#{}\s]{1,4096})/g

/** The secrets in the headers and the URL of a request. Values with placeholders are none. */
export function literalSecrets(request: FileRequest): LiteralSecret[] {
  return [...inHeaders(request), ...inUrl(request)]
}

function inHeaders({ headers }: FileRequest): LiteralSecret[] {
  return headers.flatMap(({ name, value }) => {
    const isSecret = isSecretHeader(name.text) || looksSecret(value.text)
    const isOneLine = value.end - value.start === value.text.length
    if (!isSecret || !isOneLine || value.text === '' || /\{\{/.test(value.text) || value.text.includes(MASK))
      return []
    const scheme = /authorization/i.test(name.text) ? (SCHEME.exec(value.text)?.[0].length ?? 0) : 0
    const text = value.text.slice(scheme)
    return [
      {
        start: value.start + scheme,
        end: value.end,
        text,
        place: name.text,
        suggestion: suggested(name.text),
      },
    ]
  })
}

function inUrl({ url }: FileRequest): LiteralSecret[] {
  // Lines that continue a URL are joined in its text, so that places in it are not those in the file.
  if (url.end - url.start !== url.text.length) return []
  return [...url.text.matchAll(PARAMETER)].flatMap((match) => {
    const [written, name = '', text = ''] = match
    if (!isSecretParam(name) || text.includes(MASK)) return []
    const start = url.start + match.index + written.length - text.length
    return [{ start, end: start + text.length, text, place: name, suggestion: suggested(name) }]
  })
}

/** `X-Api-Key` is `API_KEY`. */
function suggested(name: string): string {
  if (/^(?:proxy-)?authorization$/i.test(name)) return 'TOKEN'
  const words = name
    .replace(/^x-/i, '')
    .replaceAll(/[^A-Za-z0-9]+/g, '_')
    .replaceAll(/^_+|_+$/g, '')
  return words.toUpperCase() || 'SECRET'
}
