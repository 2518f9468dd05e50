/** An event stream that a cache may store. Browsers ask for event streams without their cache, but shared caches are not told. */
import { headerOf } from '../../../decode/facts.ts'
import type { ObservedConnection } from '../../observed-connection.ts'
import { connectionRule, type Found } from '../../rule.ts'
import { cacheDirectives } from './header-fields.ts'

/** Directives that keep shared caches from storing or reusing a response. */
const PREVENTING = ['no-store', 'no-cache', 'private'] as const

const ADVICE =
  'Send Cache-Control: no-cache, or no-store, with each event stream. Add no-transform to keep compressors away.'

/** Why a cache may store it; undefined if it may not. */
function reasonOf(connection: ObservedConnection): string | undefined {
  const { headers, method = 'GET', status = 200, requestHeaders } = connection
  if (method !== 'GET' || status !== 200) return undefined
  const directives = cacheDirectives(headers)
  if (PREVENTING.some((directive) => directives.has(directive))) return undefined
  const age = directives.get('s-maxage') ?? directives.get('max-age')
  if (age !== undefined) return Number(age) > 0 ? `its head allows caches to keep it for ${age} s` : undefined
  if (/no-cache/i.test(headerOf(headers, 'pragma') ?? '') || headerOf(headers, 'expires') !== undefined)
    return undefined
  // RFC 9111, section 3.5: a shared cache does not store the answer to a request with credentials.
  if (headerOf(requestHeaders, 'authorization') !== undefined && !directives.has('public')) return undefined
  return 'its head does not say whether caches may keep it'
}

export const cacheableStream = connectionRule({
  name: 'cacheable-stream',
  about: 'Event streams that a cache may store',
  takes: ['open'],
  transports: ['sse'],
  source: {
    title: 'RFC 9111, section 4.2.2: caches may guess how long a response without Cache-Control stays fresh',
    url: 'https://www.rfc-editor.org/rfc/rfc9111#section-4.2.2',
  },
  start: (connection) => {
    let found: Found | undefined
    return {
      add: ({ number, time }) => {
        const reason = reasonOf(connection)
        if (found !== undefined || reason === undefined) return
        const cacheControl = headerOf(connection.headers, 'cache-control')
        found = {
          severity: 'info',
          from: time,
          to: time,
          events: [number + 1],
          title: 'A cache may store this event stream',
          message: `${connection.name} is an event stream, and ${reason}.`,
          advice: ADVICE,
          evidence: { 'Cache-Control': cacheControl ?? 'none' },
        }
      },
      findings: () => (found === undefined ? [] : [found]),
    }
  },
})
