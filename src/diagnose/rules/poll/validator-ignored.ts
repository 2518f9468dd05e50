/**
 * The server answers a conditional request with the whole body, although that has not changed. It counts if the validator is
 * the one that was sent, or if a poll gets the same body with another ETag. A long poll may well deliver two equal messages.
 */
import { headerOf } from '../../../decode/facts.ts'
import { byteCount, plural } from '../../../shared/text/quantities.ts'
import type { ObservedConnection } from '../../observed-connection.ts'
import { connectionRule, type Found, type RuleContext, type RuleRun } from '../../rule.ts'
import type { RuleEvent } from '../../rule-event.ts'
import { Latest, MAX_EVENTS } from '../latest.ts'
import { CYCLE_EVENTS, type Cycle, type CycleListener, CycleReader, POLLING } from './cycle-reader.ts'

/** What was sent, with the field in which the response has the current one. */
const CONDITIONS = [
  ['if-none-match', 'etag', 'ETag'],
  ['if-modified-since', 'last-modified', 'Last-Modified'],
] as const

class ValidatorIgnored implements RuleRun, CycleListener {
  readonly comparesBodies = true
  readonly #connection: ObservedConnection
  readonly #threshold: number
  readonly #reader = new CycleReader(this)
  readonly #events = new Latest<number>(MAX_EVENTS)
  /** Conditional requests that were answered, and those whose identical body came again. */
  #conditional = 0
  #repeated = 0
  /** Repeated ones that had another ETag than was sent. */
  #otherTag = 0
  #bytes = 0
  #allBytes = 0
  #field = ''
  #from: number | undefined
  #to = 0

  constructor(connection: ObservedConnection, { threshold }: RuleContext) {
    this.#connection = connection
    this.#threshold = threshold
  }

  add(event: RuleEvent): void {
    this.#reader.add(event)
  }

  skipped(): void {
    this.#reader.skipped()
  }

  cycle({ requestHeaders, response, outcome, body, started, ended, number }: Cycle): void {
    this.#allBytes += body
    const condition = CONDITIONS.find(([sent]) => headerOf(requestHeaders, sent) !== undefined)
    if (condition === undefined || outcome === 'failed') return
    this.#conditional++
    const [sentIn, currentIn, name] = condition
    const sent = headerOf(requestHeaders, sentIn)
    const current = headerOf(response.headers, currentIn)
    const isUnchanged = current !== undefined && sent !== undefined && matches(sent, current)
    if (outcome !== 'same' || !(isUnchanged || this.#connection.transport === 'poll')) return
    this.#repeated++
    if (!isUnchanged) this.#otherTag++
    this.#field = name
    this.#bytes += body
    this.#events.add(number)
    this.#from ??= started
    this.#to = ended
  }

  findings(): Found[] {
    if (this.#from === undefined || this.#repeated < this.#threshold) return []
    const changes = this.#otherTag > this.#repeated / 2
    const title = `${plural(this.#repeated, 'response')} repeated a body that the client has`
    const why = changes
      ? `its ${this.#field} was another each time, although the body was the same`
      : `its ${this.#field} was the one that the request named`
    return [
      {
        severity: 'warning',
        from: this.#from,
        to: this.#to,
        events: this.#events.values,
        title,
        message: `${this.#repeated} of ${plural(this.#conditional, 'conditional request')} to ${this.#connection.name} got status 200 with the same body as before, and ${why}. That took ${byteCount(this.#bytes)}, where 304 Not Modified has no body.`,
        advice: changes
          ? `Make the ${this.#field} from the content or its version, so that all servers give the same one and it stays until the content changes.`
          : `Compare ${this.#field} with the request before the response is made, and answer 304 Not Modified if they match; many frameworks have this as a setting or middleware, which a proxy or a streamed response may disable.`,
        evidence: {
          conditional: this.#conditional,
          repeated: this.#repeated,
          otherValidator: this.#otherTag,
          bytes: this.#bytes,
        },
        chart: {
          kind: 'bars',
          unit: 'bytes',
          bars: [
            { label: 'repeated bodies', value: this.#bytes, tone: 'wrong' },
            { label: 'other bodies', value: this.#allBytes - this.#bytes },
          ],
        },
      },
    ]
  }
}

/** Weak comparison with a list of entity tags (RFC 9110 section 8.8.3.2); a date is compared as it is. */
function matches(sent: string, current: string): boolean {
  const opaque = (tag: string) => tag.trim().replace(/^W\//, '')
  return sent === current || sent.split(',').some((tag) => opaque(tag) === opaque(current))
}

export const validatorIgnored = connectionRule({
  name: 'validator-ignored',
  about: 'Conditional requests that are answered with the same body again',
  takes: CYCLE_EVENTS,
  transports: POLLING,
  readsPayloads: true,
  threshold: { value: 3, unit: 'count', about: 'Identical bodies in response to conditional requests' },
  source: {
    title: 'RFC 9110, section 13.1.2 (If-None-Match)',
    url: 'https://www.rfc-editor.org/rfc/rfc9110#section-13.1.2',
  },
  start: (connection, context) => new ValidatorIgnored(connection, context),
})
