/** Connections that others can read or take over: without TLS, with an old version, or with a token in their URL. */
import { isLoopback } from '../../../shared/loopback.ts'
import { MASK } from '../../../shared/secrets.ts'
import { longSpan } from '../../../shared/text/quantities.ts'
import type { ObservedConnection } from '../../observed-connection.ts'
import { connectionRule, type Found, type RuleContext, type RuleRun } from '../../rule.ts'
import type { RuleEvent } from '../../rule-event.ts'
import { isPrivate } from './hosts.ts'

const DAY = 24 * 60 * 60 * 1000
/** Versions of TLS that RFC 8996 forbids, as OpenSSL names them. */
const OLD_TLS: ReadonlySet<string> = new Set(['SSLv2', 'SSLv3', 'TLSv1', 'TLSv1.0', 'TLSv1.1'])

const TOKEN_IN_URL = {
  title: 'RFC 6750, section 2.3: URLs with tokens are likely to be logged',
  url: 'https://www.rfc-editor.org/rfc/rfc6750#section-2.3',
}
const OLD_VERSION = {
  title: 'RFC 8996: TLS 1.0 and 1.1 must not be used',
  url: 'https://www.rfc-editor.org/rfc/rfc8996',
}
const CERTIFICATE = {
  title: 'RFC 5280, section 4.1.2.5 (validity of certificates)',
  url: 'https://www.rfc-editor.org/rfc/rfc5280#section-4.1.2.5',
}

class Security implements RuleRun {
  readonly #connection: ObservedConnection
  readonly #context: RuleContext
  #first: { readonly time: number; readonly number: number } | undefined
  /** What its URL shows; undefined if it is none. It is parsed once, because rules of thousands of connections are asked each second. */
  #inUrl: { readonly url: string; readonly found: Found[] | undefined } | undefined

  constructor(connection: ObservedConnection, context: RuleContext) {
    this.#connection = connection
    this.#context = context
  }

  add({ time, number }: RuleEvent): void {
    this.#first ??= { time, number }
  }

  findings(now: number): Found[] {
    if (this.#first === undefined) return []
    const { url } = this.#connection
    if (this.#inUrl?.url !== url) this.#inUrl = { url, found: this.#findInUrl(url) }
    const { found } = this.#inUrl
    if (found === undefined || this.#connection.tls === undefined) return found ?? []
    return [...found, this.#version(), this.#certificate(now)].filter((each) => each !== undefined)
  }

  #findInUrl(url: string): Found[] | undefined {
    if (!URL.canParse(url)) return undefined
    const parsed = new URL(url)
    return [this.#plain(parsed), this.#token(parsed)].filter((found) => found !== undefined)
  }

  #found(
    found: Pick<Found, 'severity' | 'title' | 'message' | 'advice' | 'evidence'> & Partial<Found>,
  ): Found {
    const { time = 0, number = 0 } = this.#first ?? {}
    return { from: time, to: time, events: [number + 1], hasThreshold: false, ...found }
  }

  #plain({ protocol, hostname }: URL): Found | undefined {
    if ((protocol !== 'ws:' && protocol !== 'http:') || isLoopback(hostname)) return undefined
    const secure = protocol === 'ws:' ? 'wss:' : 'https:'
    const isNear = isPrivate(hostname)
    return this.#found({
      severity: isNear ? 'info' : 'warning',
      title: `${protocol} to ${hostname} is not encrypted`,
      message: `${this.#connection.name} uses ${protocol}, so ${isNear ? 'others in its network' : 'anybody on the way'} can read and change what it carries. Pages over https: cannot open it.`,
      advice: `Serve it over TLS, and use ${secure}.`,
      evidence: { scheme: protocol, host: hostname },
    })
  }

  #token({ searchParams, username, password, hostname }: URL): Found | undefined {
    // The `sid` of Engine.IO names a connection, and its protocol puts it there.
    const isEngineIo = searchParams.has('EIO')
    const names = [...searchParams].flatMap(([name, value]) =>
      value === MASK && !(isEngineIo && name === 'sid') ? [name] : [],
    )
    const hasUser = username === MASK || password === MASK
    if (names.length === 0 && !hasUser) return undefined
    const what = names.length > 0 ? `the secret ${names.join(', ')}` : 'credentials'
    return this.#found({
      severity: isLoopback(hostname) ? 'info' : 'warning',
      title: `The URL contains ${what}`,
      message: `The URL of ${this.#connection.name} contains ${what}. Servers and proxies write URLs into their logs, and browsers keep them.`,
      advice:
        'Send the secret in a header or a cookie. Where a browser cannot, as with WebSocket and EventSource, exchange it for a ticket that is valid once and for seconds, or send it as the first message.',
      evidence: { in: [...names, ...(hasUser ? ['user information'] : [])].slice(0, 10).join(', ') },
      source: TOKEN_IN_URL,
    })
  }

  #version(): Found | undefined {
    const { tls, name } = this.#connection
    if (tls === undefined || !OLD_TLS.has(tls.protocol)) return undefined
    return this.#found({
      severity: 'warning',
      title: `${tls.protocol} is outdated`,
      message: `${name} agreed on ${tls.protocol} with ${tls.cipher}. Browsers refuse it.`,
      advice: 'Configure the server for TLS 1.2 and 1.3 only.',
      evidence: { protocol: tls.protocol, cipher: tls.cipher },
      source: OLD_VERSION,
    })
  }

  #certificate(now: number): Found | undefined {
    const { startedAt, threshold } = this.#context
    const { tls, name } = this.#connection
    const end = Date.parse(tls?.validTo ?? '')
    if (startedAt === undefined || Number.isNaN(end)) return undefined
    const left = end - (startedAt + now)
    if (left > threshold) return undefined
    const date = new Date(end).toISOString().slice(0, 10)
    const isOver = left <= 0
    return this.#found({
      severity: isOver ? 'error' : 'warning',
      title: isOver ? `The certificate expired on ${date}` : `The certificate expires on ${date}`,
      message: `The certificate of ${name} ${isOver ? 'expired' : 'expires'} on ${date}, ${longSpan(Math.abs(left))} ${isOver ? 'before' : 'after'} this session.`,
      advice: 'Renew the certificate, and let a program renew it from now on.',
      evidence: { validTo: new Date(end).toISOString(), left },
      hasThreshold: true,
      source: CERTIFICATE,
    })
  }
}

export const insecure = connectionRule({
  name: 'insecure',
  about: 'Connections without TLS or with an old version, tokens in URLs, certificates that expire',
  takes: ['connect', 'open'],
  threshold: { value: 14 * DAY, unit: 'ms', about: 'Below: time until the certificate expires' },
  source: {
    title: 'RFC 6455, section 10.6: confidentiality needs TLS',
    url: 'https://www.rfc-editor.org/rfc/rfc6455#section-10.6',
  },
  start: (connection, context) => new Security(connection, context),
})
