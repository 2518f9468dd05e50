/** Events that something on their way collects: a proxy that buffers, or a compressor that is not flushed. */
import { headerOf } from '../../../decode/facts.ts'
import type { FindingSource } from '../../../shared/finding.ts'
import type { Headers } from '../../../shared/headers.ts'
import { plural, timeSpan } from '../../../shared/text/quantities.ts'
import type { ObservedConnection } from '../../observed-connection.ts'
import { connectionRule, type Found, type RuleContext, type RuleRun } from '../../rule.ts'
import type { RuleEvent } from '../../rule-event.ts'
import { codingOf } from './header-fields.ts'
import { type Held, HeldBursts } from './held-bursts.ts'

const THRESHOLD = {
  value: 1000,
  unit: 'ms',
  about: 'Time between the first and the last event of a burst, by their own times',
} as const

class Bursts implements RuleRun {
  readonly #connection: ObservedConnection
  readonly #bursts: HeldBursts
  /** Whether this rule is about compressed streams. */
  readonly #ofCompressor: boolean

  constructor(connection: ObservedConnection, context: RuleContext, ofCompressor: boolean) {
    this.#connection = connection
    this.#bursts = new HeldBursts(context.threshold, context)
    this.#ofCompressor = ofCompressor
  }

  get #isMine(): boolean {
    return (codingOf(this.#connection.headers) !== undefined) === this.#ofCompressor
  }

  add(event: RuleEvent): void {
    if (event.type === 'open') this.#bursts.begin(this.#connection.connectedAt)
    else if (event.type === 'message' && this.#isMine) this.#bursts.add(event)
  }

  skipped(): void {
    this.#bursts.skipped()
  }

  findings(): Found[] {
    const { held } = this.#bursts
    if (held === undefined) return []
    const { headers, name } = this.#connection
    const { bursts, events, of, longest, median, field } = held
    const coding = codingOf(headers)
    const times = bursts === 1 ? 'a burst' : plural(bursts, 'burst')
    return [
      {
        severity: 'warning',
        ...{ from: held.from, to: held.to, events: held.numbers, chart: held.chart },
        title:
          coding === undefined
            ? `Events are held for up to ${timeSpan(longest)}`
            : `The compressor holds events for up to ${timeSpan(longest)}`,
        message: `${plural(events, 'event')} of ${of} on ${name} came in ${times}. By their own times, the first of a burst had waited ${timeSpan(median)} in the median, and ${timeSpan(longest)} at most. ${cause(headers, coding)}`,
        advice: coding === undefined ? adviceFor(headers) : COMPRESSOR_ADVICE,
        evidence: { bursts, events, of, longest, median, field, ...fieldsOf(headers) },
        confidence: confidence(held),
      },
    ]
  }
}

const COMPRESSOR_ADVICE =
  'Flush the compressor after each event, in Express with response.flush(); or leave event streams uncompressed: send Cache-Control: no-transform, or exclude text/event-stream. With nginx, remove it from gzip_types.'

function cause(headers: Headers, coding: string | undefined): string {
  // RFC 9110, section 12.5.3: a server compresses only what the client accepts.
  if (coding !== undefined)
    return `The stream is compressed with ${coding}, so only clients that accept it are affected: browsers always do.`
  return headerOf(headers, 'x-accel-buffering') === 'no'
    ? 'The server asks nginx not to buffer, so it is held elsewhere, or the server collects events itself.'
    : 'Something between the server and here buffers, or the server collects events itself.'
}

function adviceFor(headers: Headers): string {
  const isNginx = /nginx|openresty/i.test(headerOf(headers, 'server') ?? '')
  return isNginx
    ? 'Set proxy_buffering off in nginx for this location, or send X-Accel-Buffering: no with the stream. Set proxy_http_version 1.1.'
    : 'Turn off response buffering in the proxies on the way. For nginx, send X-Accel-Buffering: no with the stream.'
}

/** The fields that say who could hold it. */
function fieldsOf(headers: Headers): Record<string, string> {
  const names = ['server', 'via', 'content-encoding', 'x-accel-buffering', 'cache-control']
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = headerOf(headers, name)
      return value === undefined ? [] : [[name, value]]
    }),
  )
}

function confidence({ field, events, of }: Held): string {
  return `${field} is taken for the time at which an event was made: it runs as fast as the clock, and ${events} of ${of} events came after the silence in which they were made`
}

const NGINX: FindingSource = {
  title: 'nginx: proxy_buffering, and X-Accel-Buffering',
  url: 'https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_buffering',
}
const COMPRESSION: FindingSource = {
  title: 'Express, compression: server-sent events need flush()',
  url: 'https://github.com/expressjs/compression#server-sent-events',
}

const common = {
  takes: ['open', 'message'],
  readsPayloads: true,
  transports: ['sse', 'http-stream'],
  threshold: THRESHOLD,
} as const

export const bufferedStream = connectionRule({
  ...common,
  name: 'buffered-stream',
  about: 'Events that are held on their way and come in bursts',
  source: NGINX,
  start: (connection, context) => new Bursts(connection, context, false),
})

export const compressorHolds = connectionRule({
  ...common,
  name: 'compressor-holds',
  about: 'Events that a compressor holds until it has enough',
  source: COMPRESSION,
  start: (connection, context) => new Bursts(connection, context, true),
})
