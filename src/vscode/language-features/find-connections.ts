/** Finds the connections that source code opens, and the URLs of WebSockets in any text. Does not import `vscode`. */
import { hasMask } from '../../request/remembered.ts'
import { problemOf } from '../../shared/failure.ts'
import type { ConnectionSpec } from '../../shared/spec.ts'
import { parseUrl } from '../../shared/url.ts'

export interface FoundConnection {
  /** Offset of the first character. */
  readonly start: number
  /** Offset after the last character. */
  readonly end: number
  readonly spec: ConnectionSpec
}

/** Maximum number of connections found in a text. */
const MAX_FOUND = 200
/** Maximum number of characters of a URL. */
const MAX_URL = 2048

/** A call of a constructor, up to the opening quote of its first argument. */
const CALL = /\bnew\s{1,99}(?:(?:globalThis|window|self)\.)?(WebSocket|EventSource)\s{0,99}\(\s{0,99}(["'`])/g
/** What follows the first argument if the literal is all of it. */
const ARGUMENT_END = /^\s{0,99}[,)]/
const WEBSOCKET_URL = /\bwss?:\/\/(?:\[[\da-f:.]{2,45}\])?[^\s"'`<>(){}[\]|\\^]{0,2049}/gi
/** Punctuation that ends a sentence rather than a URL. */
const PUNCTUATION = '.,;:!?'

/** The calls of `new WebSocket` and `new EventSource` whose URL is absolute, and a literal without expressions. */
export function findConstructors(text: string): FoundConnection[] {
  return found(text, CALL, ({ 0: call, 1: name, 2: quote = '', index: start }) => {
    const from = start + call.length
    const length = text.slice(from, from + MAX_URL + 1).indexOf(quote)
    const url = text.slice(from, from + length)
    const end = from + length + 1
    if (length < 0 || /[\\\r\n]|\$\{/.test(url) || !ARGUMENT_END.test(text.slice(end, end + 100)))
      return undefined
    const spec = specOf(url, name === 'WebSocket' ? 'websocket' : 'sse')
    return spec && { start, end, spec }
  })
}

/** The `ws:` and `wss:` URLs without variables. */
export function findWebSocketUrls(text: string): FoundConnection[] {
  return found(text, WEBSOCKET_URL, ({ 0: match, index: start }) => {
    let end = start + match.length
    if (match.length > MAX_URL || match.includes('$') || text[end] === '{') return undefined
    while (PUNCTUATION.includes(text.charAt(end - 1))) end--
    const spec = specOf(text.slice(start, end), 'websocket')
    return spec && { start, end, spec }
  })
}

/** What `read` makes of the matches of a global pattern. */
function found(
  text: string,
  pattern: RegExp,
  read: (match: RegExpExecArray) => FoundConnection | undefined,
): FoundConnection[] {
  const list: FoundConnection[] = []
  for (const match of text.matchAll(pattern)) {
    const each = read(match)
    if (each !== undefined) list.push(each)
    if (list.length === MAX_FOUND) break
  }
  return list
}

/** Undefined if the URL cannot be connected to: it is relative, not valid, or has a masked secret. */
function specOf(written: string, transport: 'websocket' | 'sse'): ConnectionSpec | undefined {
  // `new WebSocket` also takes the schemes http and https, and connects to ws and wss (WebSockets standard).
  const url = transport === 'websocket' ? written.replace(/^http(?=s?:)/i, 'ws') : written
  const spec = { url, transport }
  return problemOf(() => parseUrl(url, transport)) === undefined && !hasMask(spec) ? spec : undefined
}
