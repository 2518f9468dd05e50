/** What the user may mean by the text in the URL box. */
import { problemOf } from '../shared/failure.ts'
import { parseUrl } from '../shared/url.ts'

export type TypedUrl =
  | { readonly kind: 'empty' }
  | { readonly kind: 'problem'; readonly message: string }
  /** One URL if the text has a scheme; otherwise one URL per scheme, the likeliest first. */
  | { readonly kind: 'urls'; readonly urls: readonly string[] }

const SCHEME = /^[a-z][a-z\d+.-]*:\/\/|^(?:ws|http)s?\+unix:/i
/** Hosts that rarely have a certificate: loopback, private and link-local addresses, names without a dot. */
const NEARBY =
  /^(?:localhost|[^.:[\]]+|.+\.local(?:host)?|127\.\d+\.\d+\.\d+|10\.\d+\.\d+\.\d+|192\.168\.\d+\.\d+|172\.(?:1[6-9]|2\d|3[01])\.\d+\.\d+|169\.254\.\d+\.\d+|\[[\da-f:.]+\])$/i

function schemesFor(authority: string): readonly string[] {
  const [host = ''] = /^(?:\[[^\]]*\]|[^:]*)/.exec(authority.slice(authority.lastIndexOf('@') + 1)) ?? []
  return NEARBY.test(host) ? ['ws', 'http', 'wss', 'https'] : ['wss', 'https', 'ws', 'http']
}

/** Reads what the user has typed so far. */
export function readTyped(typed: string): TypedUrl {
  const text = typed.trim()
  if (text === '') return { kind: 'empty' }
  if (SCHEME.test(text)) {
    const message = problemOf(() => parseUrl(text))
    return message === undefined ? { kind: 'urls', urls: [text] } : { kind: 'problem', message }
  }
  const rest = text.replace(/^\/\//, '')
  const [authority = ''] = rest.split(/[/?#]/, 1)
  const candidates = schemesFor(authority).map((scheme) => `${scheme}://${rest}`)
  const urls = candidates.filter((url) => problemOf(() => parseUrl(url)) === undefined)
  if (urls.length > 0) return { kind: 'urls', urls }
  return { kind: 'problem', message: problemOf(() => parseUrl(candidates[0] ?? text)) ?? '' }
}

/**
 * Whether a text is words rather than a URL: it has a space, or no scheme, port, path, or dot. A single word can still
 * be the name of a host.
 */
export function isWords(typed: string): boolean {
  const text = typed.trim()
  return text !== '' && (/\s/.test(text) || !/[:/.[\]?]|^localhost$/i.test(text))
}

/** Whether every word occurs in one of the texts, in any case. */
export function matchesWords(typed: string, texts: readonly string[]): boolean {
  const searched = texts.join(' ').toLowerCase()
  return typed
    .toLowerCase()
    .split(/\s+/)
    .every((word) => searched.includes(word))
}
