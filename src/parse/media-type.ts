/** A `Content-Type` in its parts: type and subtype in lower case, parameters by lower-case name. */
export interface MediaType {
  readonly essence: string
  readonly parameters: ReadonlyMap<string, string>
}

/** Parses a `Content-Type` value, RFC 9110 section 8.3.1; of a repeated parameter the first counts. */
export function parseMediaType(value: string): MediaType {
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
