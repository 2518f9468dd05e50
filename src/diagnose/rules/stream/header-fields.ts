/** Reads fields of response heads. */
import type { Headers } from '../../../shared/headers.ts'

/** The value of a field, whatever the case of its name; the values of a repeated one are joined. Undefined if it is absent. */
export function fieldIn(headers: Headers, name: string): string | undefined {
  for (const [each, value] of Object.entries(headers))
    if (each.toLowerCase() === name) return typeof value === 'string' ? value : value.join(', ')
  return undefined
}

/** Codings of the content, such as `gzip`. Some servers write `none` or `identity` to keep compressors away. */
export function codingOf(headers: Headers): string | undefined {
  const coding = fieldIn(headers, 'content-encoding')?.trim().toLowerCase()
  return coding === '' || coding === 'none' || coding === 'identity' ? undefined : coding
}

/** The directives of `Cache-Control`, in lower case, with their values. */
export function cacheDirectives(headers: Headers): ReadonlyMap<string, string> {
  const directives = (fieldIn(headers, 'cache-control') ?? '').toLowerCase().split(',')
  return new Map(
    directives.map((directive) => {
      const [name = '', value = ''] = directive.split('=')
      return [name.trim(), value.trim().replaceAll('"', '')]
    }),
  )
}
