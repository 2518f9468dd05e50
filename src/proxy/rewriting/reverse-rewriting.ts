/**
 * Changes header fields so that the target sees requests as if they were sent to it, and the client sees responses as if
 * they came from the proxy. Bodies are not changed.
 */
import { type FieldLine, newField, withValue } from '../http/message-head.ts'
import { rewriteCookie } from './cookies.ts'
import { formsOf, type OriginForms, replaceOrigin } from './origins.ts'

/** Fields of requests with URLs of the proxy. */
const IN_REQUESTS: ReadonlySet<string> = new Set(['origin', 'referer', 'destination'])
/** Fields of responses with URLs or origins of the target. */
const IN_RESPONSES: ReadonlySet<string> = new Set([
  'location',
  'content-location',
  'refresh',
  'link',
  'access-control-allow-origin',
  'timing-allow-origin',
  'content-security-policy',
  'content-security-policy-report-only',
  'reporting-endpoints',
  'sourcemap',
  'x-sourcemap',
])

export class ReverseRewriting {
  readonly #target: URL
  readonly #theirs: OriginForms
  /** The origin of the proxy, as the client names it. */
  readonly #own: URL

  /** `host` is the `Host` field of the client's request, and must be valid. */
  constructor(target: URL, host: string) {
    this.#target = target
    this.#theirs = formsOf(target)
    this.#own = new URL(`http://${host}`)
  }

  request(fields: readonly FieldLine[]): FieldLine[] {
    const { host, origin } = this.#target
    const changed = fields.map((field) => {
      if (field.name === 'host') return withValue(field, host)
      if (!IN_REQUESTS.has(field.name)) return field
      return withValue(field, replaceOrigin(field.value, this.#own.origin, origin))
    })
    return changed.some(({ name }) => name === 'host') ? changed : [newField('Host', host), ...changed]
  }

  response(fields: readonly FieldLine[]): FieldLine[] {
    return fields.map((field) => {
      if (field.name === 'set-cookie') return withValue(field, rewriteCookie(field.value, this.#target))
      return IN_RESPONSES.has(field.name) ? withValue(field, this.#toOwn(field.value)) : field
    })
  }

  #toOwn(value: string): string {
    const { http, webSocket } = this.#theirs
    let changed = value
    for (const each of http) changed = replaceOrigin(changed, each, this.#own.origin)
    for (const each of webSocket) changed = replaceOrigin(changed, each, `ws://${this.#own.host}`)
    return changed
  }
}
