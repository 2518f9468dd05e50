/** The parts of a `Content-Type`: type and subtype in lower case, parameters by lower-case name. */
export interface MediaType {
  readonly essence: string
  readonly parameters: ReadonlyMap<string, string>
}

/**
 * Longest part of a value that is parsed. A regular expression with alternatives overflows the stack on millions of
 * characters.
 */
const MOST_READ = 16 * 1024

/** Parses a `Content-Type` (RFC 9110 section 8.3.1). The first of several parameters with the same name counts. */
export function parseMediaType(whole: string): MediaType {
  const value = whole.slice(0, MOST_READ)
  const semicolon = value.indexOf(';')
  const essence = (semicolon < 0 ? value : value.slice(0, semicolon)).trim().toLowerCase()
  const parameters = new Map<string, string>()
  if (semicolon >= 0) {
    const pattern = /;[ \t]*([^\s;="]+)=(?:"((?:[^"\\]|\\.)*)"|([^;]*))/g
    for (const [, name = '', quoted, token = ''] of value.slice(semicolon).matchAll(pattern)) {
      const key = name.toLowerCase()
      if (parameters.has(key)) continue
      parameters.set(key, quoted === undefined ? token.trim() : quoted.replace(/\\(.)/g, '$1'))
    }
  }
  return { essence, parameters }
}

/** Type and subtype, each a token (RFC 9110 section 5.6.2). */
const ESSENCE = /^[\w!#$%&'*+.^`|~-]+\/[\w!#$%&'*+.^`|~-]+$/

/**
 * The value in effect if a `Content-Type` occurs several times or as a list: the last one that is a media type, as in
 * the Fetch standard. Undefined if there is none.
 */
export function lastMediaType(values: readonly string[]): string | undefined {
  return values
    .flatMap(splitList)
    .findLast((value) => ESSENCE.test(parseMediaType(value).essence) && !value.startsWith('*/*'))
}

/** The elements of a list (RFC 9110 section 5.6.1). A comma inside quotes does not separate elements. */
function splitList(text: string): string[] {
  const elements: string[] = []
  let start = 0
  let isQuoted = false
  for (let at = 0; at < text.length; at++) {
    const character = text[at]
    if (character === '"') isQuoted = !isQuoted
    else if (character === '\\' && isQuoted) at++
    else if (character === ',' && !isQuoted) {
      elements.push(text.slice(start, at).trim())
      start = at + 1
    }
  }
  elements.push(text.slice(start).trim())
  return elements
}

/** Whether a `Content-Type` is that of an event stream. */
export function isEventStream(contentType: string | undefined): boolean {
  return parseMediaType(contentType ?? '').essence === 'text/event-stream'
}
