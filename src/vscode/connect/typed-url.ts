/** What the user may mean by the text in the URL box. */
import { Failure } from '../../shared/failure.ts'
import type { TransportName } from '../../shared/transports.ts'
import { parseUrl } from '../../shared/url.ts'

export type TypedUrl =
  | { readonly kind: 'empty' }
  | { readonly kind: 'problem'; readonly message: string }
  /** One URL if the text has a scheme; otherwise one URL per scheme, the likeliest first. */
  | { readonly kind: 'urls'; readonly urls: readonly string[] }

const SCHEME = /^[a-z][a-z\d+.-]*:\/\//i
/** Hosts that rarely have a certificate: loopback, private and link-local addresses, names without a dot. */
const NEARBY =
  /^(?:localhost|[^.:[\]]+|.+\.local(?:host)?|127\.\d+\.\d+\.\d+|10\.\d+\.\d+\.\d+|192\.168\.\d+\.\d+|172\.(?:1[6-9]|2\d|3[01])\.\d+\.\d+|169\.254\.\d+\.\d+|\[[\da-f:.]+\])$/i

/** What is wrong with a URL, as a sentence. */
export function problemOf(url: string, transport: TransportName | 'auto' = 'auto'): string | undefined {
  try {
    parseUrl(url, transport)
    return undefined
  } catch (error) {
    if (error instanceof Failure) return error.message
    throw error
  }
}

function schemesFor(authority: string): readonly string[] {
  const [host = ''] = /^(?:\[[^\]]*\]|[^:]*)/.exec(authority.slice(authority.lastIndexOf('@') + 1)) ?? []
  return NEARBY.test(host) ? ['ws', 'http', 'wss', 'https'] : ['wss', 'https', 'ws', 'http']
}

/** Reads what the user has typed so far. */
export function readTyped(typed: string): TypedUrl {
  const text = typed.trim()
  if (text === '') return { kind: 'empty' }
  if (SCHEME.test(text)) {
    const message = problemOf(text)
    return message === undefined ? { kind: 'urls', urls: [text] } : { kind: 'problem', message }
  }
  const rest = text.replace(/^\/\//, '')
  const [authority = ''] = rest.split(/[/?#]/, 1)
  const candidates = schemesFor(authority).map((scheme) => `${scheme}://${rest}`)
  const urls = candidates.filter((url) => problemOf(url) === undefined)
  if (urls.length > 0) return { kind: 'urls', urls }
  return { kind: 'problem', message: problemOf(candidates[0] ?? text) ?? problemOf(text) ?? '' }
}
