/** Sets parameters of URLs. */
import { percentEncodeField } from './headers.ts'

/** The query with one parameter set, and all others unchanged byte for byte. */
function withParam(query: string, name: string, value: string): string {
  const kept = query
    .replace(/^\?/, '')
    .split('&')
    .filter((pair) => pair !== '' && !new URLSearchParams(pair).has(name))
  return `?${[...kept, `${percentEncodeField(name)}=${percentEncodeField(value)}`].join('&')}`
}

/** The URL with more encoded fields at the end of its query. It may have placeholders. */
export function addToQuery(url: string, fields: string): string {
  if (fields === '') return url
  const [before = '', ...fragment] = url.split('#')
  const joint = !before.includes('?') ? '?' : /[?&]$/.test(before) ? '' : '&'
  return [before + joint + fields, ...fragment].join('#')
}

/** The URL with these query parameters, in place of those with the same names. */
export function withParams(url: string, params: Readonly<Record<string, string>>): string {
  const entries = Object.entries(params)
  if (entries.length === 0) return url
  const changed = new URL(url)
  for (const [name, value] of entries) changed.search = withParam(changed.search, name, value)
  return changed.href
}
