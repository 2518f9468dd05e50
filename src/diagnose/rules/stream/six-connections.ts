/** Many streams at once to one origin over HTTP/1.1, of which a browser opens six. */

import { plural } from '../../../shared/text/quantities.ts'
import { TRANSPORT_TRAITS } from '../../../shared/transports.ts'
import { type Found, type RuleContext, type RuleRun, sessionRule } from '../../rule.ts'
import type { RuleEvent } from '../../rule-event.ts'
import { Latest, MAX_EVENTS } from '../latest.ts'

/** Origins at most; those that come later are not watched. */
const MAX_ORIGINS = 200

class Origin {
  readonly name: string
  /** Open streams by the number of their connection: the number of the event. */
  readonly open = new Map<number, number>()
  readonly counts = new Latest<{ readonly time: number; readonly value: number }>(200)
  most = 0
  /** Of the time when the most were open. */
  at = 0
  events: readonly number[] = []

  constructor(name: string) {
    this.name = name
  }

  change(time: number): void {
    this.counts.add({ time, value: this.open.size })
    if (this.open.size <= this.most) return
    this.most = this.open.size
    this.at = time
    this.events = [...this.open.values()].slice(0, MAX_EVENTS)
  }
}

class Origins implements RuleRun {
  readonly #context: RuleContext
  readonly #origins = new Map<string, Origin>()
  /** Origins of connections that are open. */
  readonly #of = new Map<number, Origin>()

  constructor(context: RuleContext) {
    this.#context = context
  }

  add({ type, time, number, connection }: RuleEvent): void {
    const origin = type === 'open' ? this.#originOf(connection) : this.#of.get(connection)
    if (origin === undefined) return
    if (type === 'open') {
      origin.open.set(connection, number + 1)
      this.#of.set(connection, origin)
    } else {
      origin.open.delete(connection)
      this.#of.delete(connection)
    }
    origin.change(time)
  }

  #originOf(id: number): Origin | undefined {
    const { url, transport, httpVersion, open } = this.#context.connection(id)
    if (transport === undefined || TRANSPORT_TRAITS[transport].scheme !== 'http') return undefined
    // Files of other programs have no framing, and do not say when a stream ended.
    if (transport !== 'long-poll' && open?.framing === undefined) return undefined
    if (httpVersion?.startsWith('1') !== true || !URL.canParse(url)) return undefined
    const { origin: name } = new URL(url)
    let origin = this.#origins.get(name)
    if (origin === undefined) {
      if (this.#origins.size >= MAX_ORIGINS) return undefined
      origin = new Origin(name)
      this.#origins.set(name, origin)
    }
    return origin
  }

  findings(): Found[] {
    const { threshold } = this.#context
    return [...this.#origins.values()].flatMap((origin) => {
      const { most, name, at, counts } = origin
      if (most <= threshold) return []
      return [
        {
          severity: 'warning',
          from: counts.values[0]?.time ?? at,
          to: at,
          events: origin.events,
          title: `${plural(most, 'stream')} at once to one HTTP/1.1 origin`,
          message: `${plural(most, 'stream')} to ${name} were open at once, over HTTP/1.1. A browser opens six connections to an origin, for all its tabs: further requests wait.`,
          advice:
            'Serve over HTTP/2, which has many streams on one connection; or send several feeds over one event stream or WebSocket.',
          evidence: { origin: name, streams: most },
          chart: {
            kind: 'series',
            label: 'open streams',
            unit: 'count',
            points: counts.values.map(({ time, value }) => ({
              time,
              value,
              ...(value > threshold && { tone: 'wrong' as const }),
            })),
          },
        },
      ]
    })
  }
}

export const sixConnections = sessionRule({
  name: 'six-connections',
  about: 'Streams at once to one HTTP/1.1 origin',
  takes: ['open', 'close', 'error', 'reconnect'],
  transports: ['sse', 'http-stream', 'long-poll'],
  threshold: { value: 5, unit: 'count', about: 'Streams open at once to one HTTP/1.1 origin' },
  source: {
    title: 'MDN, EventSource: six connections to a domain',
    url: 'https://developer.mozilla.org/en-US/docs/Web/API/EventSource',
  },
  start: (context) => new Origins(context),
})
