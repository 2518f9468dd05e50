/** Replaces ids in the URLs and header fields of requests. */
import type { Headers } from '../../shared/event.ts'
import type { ReplaceId, RequestHead } from './ids.ts'

/** Kinds of ids by the names of query parameters, and by the lower-case names of header fields. */
export interface RequestParts {
  readonly query?: ReadonlyMap<string, string>
  readonly header?: ReadonlyMap<string, string>
}

/** Keeps the rest of the URL and of the fields as they are written. */
export function replaceParts(head: RequestHead, parts: RequestParts, replace: ReplaceId): RequestHead {
  const url = replaceQuery(head.url, parts.query ?? new Map(), replace)
  const headers = replaceFields(head.headers, parts.header ?? new Map(), replace)
  return url === head.url && headers === head.headers ? head : { url, headers }
}

function replaceQuery(url: string, kinds: ReadonlyMap<string, string>, replace: ReplaceId): string {
  return url.replace(/([?&])([^=?&#]+)=([^&#]+)/g, (whole, sign: string, name: string, value: string) => {
    const kind = kinds.get(name)
    const decoded = kind === undefined ? undefined : decode(value)
    const replacement = kind === undefined || decoded === undefined ? undefined : replace(kind, decoded, 'in')
    return replacement === undefined || replacement === decoded
      ? whole
      : `${sign}${name}=${encodeURIComponent(replacement)}`
  })
}

function replaceFields(headers: Headers, kinds: ReadonlyMap<string, string>, replace: ReplaceId): Headers {
  let isSame = true
  const fields = Object.entries(headers).map(([name, value]) => {
    const kind = kinds.get(name.toLowerCase())
    const replacement =
      kind === undefined || typeof value !== 'string' ? undefined : replace(kind, value, 'in')
    if (replacement === undefined || replacement === value) return [name, value]
    isSame = false
    return [name, String(replacement)]
  })
  return isSame ? headers : Object.fromEntries(fields)
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}
