/** Reads fields of response heads. */
import { headerOf } from '../../../decode/facts.ts'
import type { Headers } from '../../../shared/headers.ts'

/** Codings of the content, such as `gzip`. Some servers write `none` or `identity` to keep compressors away. */
export function codingOf(headers: Headers): string | undefined {
  const coding = headerOf(headers, 'content-encoding')?.trim().toLowerCase()
  return coding === '' || coding === 'none' || coding === 'identity' ? undefined : coding
}

/** The directives of `Cache-Control`, in lower case, with their values. */
export function cacheDirectives(headers: Headers): ReadonlyMap<string, string> {
  const directives = (headerOf(headers, 'cache-control') ?? '').toLowerCase().split(',')
  return new Map(
    directives.map((directive) => {
      const [name = '', value = ''] = directive.split('=')
      return [name.trim(), value.trim().replaceAll('"', '')]
    }),
  )
}
