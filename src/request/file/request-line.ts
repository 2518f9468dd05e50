/** Reads the line of a request with its method and URL, and the lines that continue the URL. */
import type { TransportName } from '../../shared/transports.ts'
import { schemeOf } from '../../shared/transports.ts'
import { type Line, splitWord, trimmed } from './lines.ts'
import { METHOD_KEYWORDS, METHODS, methodOf, type RequestMethod } from './methods.ts'
import type { Notes } from './notes.ts'
import type { Written } from './request-file.ts'

export interface RequestLine {
  /** The word before the URL. */
  readonly word: Written | undefined
  readonly method: RequestMethod
  readonly url: Written
}

/** A field name (RFC 9110 section 5.1) up to its colon. Placeholders may stand in it. */
export const HEADER = /^[ \t]*(?:[!#$%&'*+\-.^_`|~\w]|\{\{[^{}]{1,200}\}\})+[ \t]*:/

/** A capitalized word that may be an HTTP method. */
const EXTENSION = /^[A-Z][A-Z-]{0,31}$/

/** Reads a line that is not empty and not a comment. */
export function readRequestLine(line: Line, notes: Notes): RequestLine {
  const content = trimmed(line)
  const [word, rest] = splitWord(content)
  const method = methodOf(word.text)
  if (method !== undefined) {
    const url = withoutVersion(rest)
    if (url.text === '') notes.add('error', word, 'NO_URL', `There is no URL after ${word.text}; write one.`)
    if (method.runBy !== undefined) notes.add('info', word, 'OTHER_PROTOCOL', `${method.hint}.`)
    return { word, method, url }
  }
  if (rest.text !== '' && EXTENSION.test(word.text)) {
    const isSocket = schemeOf(rest.text) === 'ws'
    notes.add(
      isSocket ? 'error' : 'warning',
      word,
      'UNKNOWN_METHOD',
      `${word.text} is not a known method; the methods are ${METHOD_KEYWORDS.join(', ')}.`,
    )
    return { word, method: { transport: 'auto', http: word.text, hint: '' }, url: withoutVersion(rest) }
  }
  const url = withoutVersion(content)
  if (/[ \t]/.test(url.text.replaceAll(/\{\{[^{}]{0,200}\}\}/g, '')))
    notes.add(
      'error',
      content,
      'NOT_A_REQUEST',
      'This is not a request; write a method such as WEBSOCKET or GET and a URL, or # before a comment.',
    )
  return { word: undefined, method: schemeOf(url.text) === 'ws' ? METHODS.WEBSOCKET : METHODS.GET, url }
}

/** Without `HTTP/1.1` after it. */
function withoutVersion(url: Written): Written {
  const at = url.text.lastIndexOf('HTTP/')
  const isVersion =
    at > 0 && /[ \t]/.test(url.text.charAt(at - 1)) && /^HTTP\/\d(?:\.\d)?$/.test(url.text.slice(at))
  return isVersion ? trimmed(url, 0, at) : url
}

/** The URL with a line that continues it. */
export function continued(url: Written, line: Line): Written {
  const more = trimmed(line)
  return { start: url.start, end: more.end, text: url.text + more.text }
}

/** What method and URL say of the technique. */
export function transportOf({ method, url }: RequestLine): TransportName | 'auto' {
  if (method.transport !== 'auto') return method.transport
  return schemeOf(url.text) === 'ws' ? 'websocket' : 'auto'
}
