/** Long silences that no comment, ping or heartbeat message interrupts: proxies take such a connection for dead. */
import { plural, timeSpan } from '../../../shared/text/quantities.ts'
import type { ObservedConnection } from '../../observed-connection.ts'
import { connectionRule, type Found, type RuleRun } from '../../rule.ts'
import type { RuleEvent } from '../../rule-event.ts'
import { MAX_EVENTS } from '../latest.ts'
import { codingOf } from './header-fields.ts'

/** nginx closes a WebSocket, and a proxied response, after 60 s without traffic by default. So does AWS's load balancer. */
const USUAL_LIMIT = 60_000
/** Bytes of a message that can be a heartbeat. */
const MAX_HEARTBEAT = 200
const HEARTBEAT = /\bping\b|\bpong\b|heart[ _-]?beat|keep[ _-]?alive|"?\b(hb|ka|noop)\b/i

interface Silence {
  readonly from: number
  readonly to: number
}

class NoHeartbeat implements RuleRun {
  readonly #connection: ObservedConnection
  readonly #limit: number
  readonly #silences: Silence[] = []
  readonly #events: number[] = []
  /** The messages that ended silences, to recognize one that comes again. */
  readonly #ends = new Set<string>()
  #last: { readonly time: number; readonly number: number } | undefined
  #count = 0
  #longest = 0
  #hasHeartbeat = false
  /** Whether the bytes of a WebSocket were seen, and with them pings. */
  #hasFrames = false
  #hasMessage = false

  constructor(connection: ObservedConnection, limit: number) {
    this.#connection = connection
    this.#limit = limit
  }

  add(event: RuleEvent): void {
    if (this.#hasHeartbeat) return
    const { type, time, number } = event
    if (type === 'ping' || type === 'pong' || type === 'comment') {
      this.#hasHeartbeat = true
      return
    }
    const last = this.#last
    const isLong = last !== undefined && time - last.time > this.#limit
    if (type === 'close') {
      // Until the client ended it, the connection survived.
      if (isLong && event.full.type === 'close' && event.full.by === 'client') this.#keep(event, last)
      this.#last = undefined
      return
    }
    if (type === 'message') {
      this.#hasMessage = true
      this.#hasFrames ||= event.wireSize !== undefined
      if (isLong) this.#silence(event, last)
    }
    this.#last = { time, number }
  }

  /**
   * Whether heartbeats would show. Files of other programs have neither the framing of a stream, nor frames. Debuggers report no
   * pings, and of event streams no comments.
   */
  get #isComplete(): boolean {
    if (this.#connection.source === 'debugger') return false
    return this.#connection.transport === 'websocket'
      ? this.#hasFrames
      : this.#connection.open?.framing !== undefined
  }

  skipped(): void {
    this.#last = undefined
  }

  #silence(event: RuleEvent, last: { readonly time: number; readonly number: number }): void {
    if (this.#isHeartbeat(event)) {
      this.#hasHeartbeat = true
      return
    }
    this.#keep(event, last)
  }

  #keep(event: RuleEvent, last: { readonly time: number; readonly number: number }): void {
    const length = event.time - last.time
    this.#count++
    this.#longest = Math.max(this.#longest, length)
    if (this.#events.length >= MAX_EVENTS) return
    this.#silences.push({ from: last.time, to: event.time })
    for (const number of [last.number + 1, event.number + 1])
      if (this.#events.at(-1) !== number) this.#events.push(number)
  }

  #isHeartbeat(event: RuleEvent): boolean {
    if (event.decoded.some(({ kind }) => kind === 'heartbeat')) return true
    if (event.size > MAX_HEARTBEAT || event.full.type !== 'message') return false
    const text = new TextDecoder('latin1').decode(event.full.payload)
    if (
      event.size === 0 ||
      text.trim() === '' ||
      HEARTBEAT.test(text) ||
      HEARTBEAT.test(event.full.event ?? '')
    )
      return true
    const isRepeated = this.#ends.has(text)
    if (this.#ends.size < MAX_EVENTS) this.#ends.add(text)
    return isRepeated
  }

  findings(now: number): Found[] {
    const { isOpen, transport } = this.#connection
    if (this.#hasHeartbeat || !this.#isComplete) return []
    const current = isOpen && this.#last !== undefined ? { from: this.#last.time, to: now } : undefined
    const isSilent = current !== undefined && now - current.from > this.#limit
    const silences = [...this.#silences, ...(isSilent ? [current] : [])]
    const [first] = silences
    if (first === undefined) return []
    const count = this.#count + (isSilent ? 1 : 0)
    const longest = Math.max(this.#longest, isSilent ? now - current.from : 0)
    const what = transport === 'websocket' ? 'ping' : transport === 'sse' ? 'comment' : 'empty record'
    return [
      {
        severity: longest > USUAL_LIMIT ? 'warning' : 'info',
        from: first.from,
        to: silences.at(-1)?.to ?? first.to,
        events: [...this.#events],
        title: `${plural(count, 'silence')} of up to ${timeSpan(longest)}, and no ${what}`,
        message: `Nothing came or went on ${this.#connection.name} for more than ${timeSpan(this.#limit)}, ${plural(count, 'time')}, and for ${timeSpan(longest)} at most. No ${what} kept it alive, so a proxy may take it for dead: many close after 60 s.${this.#doubt}`,
        advice:
          transport === 'websocket'
            ? 'Let the server send a ping every 15 to 30 s: that also finds clients that are gone.'
            : 'Let the server send a comment, a line with only a colon, every 15 s or so.',
        evidence: { silences: count, longest, heartbeats: 0 },
        chart: {
          kind: 'times',
          points: this.#points(silences),
          spans: silences.slice(-20).map(({ from, to }) => ({ from, to, label: timeSpan(to - from) })),
        },
      },
    ]
  }

  /** A compressor that is not flushed looks the same as a server that has nothing to say. */
  get #doubt(): string {
    const coding = codingOf(this.#connection.headers)
    return coding === undefined || this.#hasMessage || this.#connection.transport === 'websocket'
      ? ''
      : ` The stream is compressed with ${coding}, and nothing has come since its head: the compressor may hold the events. Compare with a request that does not accept ${coding}.`
  }

  #points(silences: readonly Silence[]) {
    return silences
      .slice(-50)
      .flatMap(({ from, to }) => [{ time: from }, { time: to, tone: 'wrong' as const }])
  }
}

export const noHeartbeat = connectionRule({
  name: 'no-heartbeat',
  about: 'Long silences without a comment, ping or heartbeat',
  takes: ['open', 'message', 'ping', 'pong', 'comment', 'close'],
  readsPayloads: true,
  transports: ['sse', 'http-stream', 'websocket'],
  threshold: { value: 15_000, unit: 'ms', about: 'Time without traffic on a connection that lives' },
  source: {
    title: 'HTML standard, section 9.2.7: send a comment every 15 seconds or so',
    url: 'https://html.spec.whatwg.org/multipage/server-sent-events.html#authoring-notes',
  },
  start: (connection, { threshold }) => new NoHeartbeat(connection, threshold),
})
