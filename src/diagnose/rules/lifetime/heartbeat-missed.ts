/** A side of a connection that does not keep to the heartbeats of its sub-protocol. */
import type { DecodedEvent } from '../../../shared/decoded.ts'
import { plural, timeSpan } from '../../../shared/text/quantities.ts'
import type { ObservedConnection } from '../../observed-connection.ts'
import { connectionRule, type Found, type RuleRun } from '../../rule.ts'
import type { RuleEvent } from '../../rule-event.ts'
import { MAX_EVENTS } from '../latest.ts'
import { type Allowance, type HeartbeatTerms, TermsReader } from './heartbeat-terms.ts'

/** No heartbeat is longer, in bytes. */
const MAX_HEARTBEAT = 64 * 1024
/** A side that ends the connection gives up at the limit. Its clock began somewhat before or after ours. */
const AT_LIMIT = 0.95

const MISSES = ['serverSilence', 'serverAnswer', 'clientSilence', 'clientAnswer'] as const
type Miss = (typeof MISSES)[number]

const WHAT: Readonly<Record<Miss, string>> = {
  serverSilence: 'the server sent nothing',
  serverAnswer: 'the server did not answer a heartbeat',
  clientSilence: 'the client sent nothing',
  clientAnswer: 'the client did not answer a heartbeat',
}

/** Heartbeats that ask for an answer. */
const ASKS = new Set(['ping', 'PINGREQ', 'heartbeat'])

/** What was missed in one way, over all attempts. */
interface Missed {
  readonly terms: HeartbeatTerms
  readonly allowance: Allowance
  readonly from: number
  readonly events: number[]
  /** Times, and those after which the connection ended. */
  count: number
  ended: number
  /** The longest of them: when it began, and its ms. */
  longestFrom: number
  longest: number
  to: number
}

/** A silence, or a heartbeat without an answer. */
interface Wait {
  readonly from: number
  readonly to: number
  /** Event that shows it, counted from 0. */
  readonly number: number
  readonly hasEnded: boolean
}

class Heartbeats implements RuleRun {
  readonly #connection: ObservedConnection
  readonly #factor: number
  readonly #reader = new TermsReader()
  readonly #missed = new Map<Miss, Missed>()
  #terms: HeartbeatTerms | undefined
  /** When the terms were first known in this attempt. */
  #since = 0
  /** The oldest heartbeat without an answer: of the server, and of the client. */
  #asked: Partial<
    Record<'serverAnswer' | 'clientAnswer', { readonly time: number; readonly number: number }>
  > = {}
  /** The shortest silence in ms that is not allowed. */
  #patience = Number.POSITIVE_INFINITY
  /** Number of the event that opened the attempt. */
  #attempt = -1
  #latest = 0

  constructor(connection: ObservedConnection, factor: number) {
    this.#connection = connection
    this.#factor = factor
  }

  add(event: RuleEvent): void {
    this.#latest = event.number
    if (event.type === 'message') this.#message(event)
    else if (!this.#connection.isOpen) this.#end(event)
  }

  /** Events are missing, perhaps heartbeats. */
  skipped(): void {
    const { serverAnswer, clientAnswer } = this.#asked
    // In a flood on thousands of connections, an object for each would be made for nothing.
    if (serverAnswer !== undefined || clientAnswer !== undefined) this.#asked = {}
    this.#since = Number.POSITIVE_INFINITY
  }

  findings(now: number): Found[] {
    if (this.#terms === undefined && this.#missed.size === 0) return []
    return MISSES.flatMap((miss) => {
      const missed = this.#withOpen(miss, now)
      return missed === undefined ? [] : [this.#found(miss, missed)]
    })
  }

  #reset(): void {
    this.#reader.reset()
    this.#terms = undefined
    this.#asked = {}
    this.#patience = Number.POSITIVE_INFINITY
  }

  #message(event: RuleEvent): void {
    const { time, number, isOut, size } = event
    const { lastIn, lastOut, openNumber } = this.#connection
    if (this.#attempt !== openNumber) {
      this.#reset()
      this.#attempt = openNumber
    }
    if (this.#since === Number.POSITIVE_INFINITY) this.#since = time
    const from = isOut ? lastOut : lastIn
    if (time - from >= this.#patience)
      this.#wait(isOut ? 'clientSilence' : 'serverSilence', { from, to: time, number, hasEnded: false })
    if (!isOut && this.#asked.serverAnswer !== undefined) this.#answered('serverAnswer', time)
    if (size <= MAX_HEARTBEAT) for (const packet of event.decoded) this.#packet(packet, event)
  }

  #packet(packet: DecodedEvent, { time, number, isOut }: RuleEvent): void {
    const { kind, name = '', answers } = packet
    const isHeartbeat = kind === 'heartbeat'
    if (isHeartbeat && isOut) this.#answered('clientAnswer', time)
    if (isHeartbeat || kind === 'handshake' || (kind === 'subscribe' && this.#terms === undefined)) {
      const terms = this.#reader.learn(packet, { isOut, time, url: this.#connection.url })
      if (terms !== undefined) this.#agree(terms, time)
    }
    if (isHeartbeat && answers === undefined && ASKS.has(name))
      this.#asked[isOut ? 'serverAnswer' : 'clientAnswer'] ??= { time, number }
  }

  #agree(terms: HeartbeatTerms, time: number): void {
    if (this.#terms === undefined) this.#since = time
    this.#terms = terms
    const { serverSilence, clientSilence } = terms
    const never = Number.POSITIVE_INFINITY
    this.#patience = Math.min(serverSilence?.ms ?? never, clientSilence?.ms ?? never)
  }

  #answered(miss: 'serverAnswer' | 'clientAnswer', time: number): void {
    const asked = this.#asked[miss]
    delete this.#asked[miss]
    if (asked !== undefined)
      this.#wait(miss, { from: asked.time, to: time, number: asked.number, hasEnded: false })
  }

  #end({ number, time }: RuleEvent): void {
    const { lastIn, lastOut } = this.#connection
    const end = { to: time, number, hasEnded: true }
    this.#wait('serverSilence', { from: lastIn, ...end })
    this.#wait('clientSilence', { from: lastOut, ...end })
    for (const miss of ['serverAnswer', 'clientAnswer'] as const) {
      const asked = this.#asked[miss]
      if (asked !== undefined) this.#wait(miss, { from: asked.time, ...end, number: asked.number })
    }
    this.#reset()
  }

  #wait(miss: Miss, wait: Wait): void {
    const missed = this.#miss(miss, wait, this.#missed.get(miss))
    if (missed !== undefined) this.#missed.set(miss, missed)
  }

  /** With what is missed now. */
  #withOpen(miss: Miss, now: number): Missed | undefined {
    const missed = this.#missed.get(miss)
    if (!this.#connection.isOpen) return missed
    const { lastIn, lastOut } = this.#connection
    const from = {
      serverSilence: lastIn,
      clientSilence: lastOut,
      serverAnswer: this.#asked.serverAnswer?.time ?? now,
      clientAnswer: this.#asked.clientAnswer?.time ?? now,
    }[miss]
    return this.#miss(miss, { from, to: now, number: this.#latest, hasEnded: false }, missed) ?? missed
  }

  /** What is missed after a wait; undefined if it is allowed. */
  #miss(miss: Miss, wait: Wait, before: Missed | undefined): Missed | undefined {
    const allowance = this.#terms?.[miss]
    const from = Math.max(wait.from, this.#since)
    const span = wait.to - from
    if (allowance === undefined || this.#terms === undefined || !this.#isTooLong(miss, span, wait, allowance))
      return undefined
    const isLongest = span > (before?.longest ?? 0)
    const events = before?.events ?? []
    return {
      terms: this.#terms,
      allowance,
      from: before?.from ?? from,
      events: events.length < MAX_EVENTS ? [...events, wait.number + 1] : events,
      count: (before?.count ?? 0) + 1,
      ended: (before?.ended ?? 0) + Number(wait.hasEnded),
      longestFrom: isLongest ? from : (before?.longestFrom ?? from),
      longest: isLongest ? span : (before?.longest ?? span),
      to: wait.to,
    }
  }

  #isTooLong(miss: Miss, span: number, { hasEnded }: Wait, { ms, isAssumed = false }: Allowance): boolean {
    const isClient = miss === 'clientSilence' || miss === 'clientAnswer'
    if (hasEnded) {
      const { ending } = this.#connection
      // Neither side gave up if the proxy cut it on purpose.
      const isByOther = ending?.by !== 'client' && ending?.isOnPurpose !== true
      // The side that waits gives up at the limit.
      if (isClient) return isByOther && span >= AT_LIMIT * ms && (!isAssumed || span < 2 * ms)
      return span >= (isByOther ? this.#factor : 1) * ms
    }
    // If the server does not mind, its limit is another one than the default.
    return span >= this.#factor * ms && !(isClient && isAssumed)
  }

  #found(miss: Miss, missed: Missed): Found {
    const { terms, allowance, count, ended, longest, longestFrom, from, to, events } = missed
    const { name, isOwn } = this.#connection
    const { protocol, source } = terms
    const what = `${WHAT[miss]} for ${timeSpan(longest)}`
    const times = count === 1 ? '' : `, the longest of ${plural(count, 'time')}`
    const after = ended === 0 ? '' : ' The connection ended then.'
    return {
      severity: ended > 0 ? 'error' : 'warning',
      source,
      ...{ from, to },
      events: [...events],
      title: what.charAt(0).toUpperCase() + what.slice(1),
      message: `On ${name}, ${what}${times}, though ${allowance.because} (${protocol}).${after}`,
      advice: adviceFor(miss, isOwn),
      evidence: {
        ...{ protocol, missed: count, ended },
        ...{ longest: Math.round(longest), allowed: Math.round(allowance.ms) },
      },
      ...(allowance.isAssumed === true && { confidence: allowance.because }),
      chart: {
        kind: 'times',
        points: [],
        spans: [{ from: longestFrom, to: longestFrom + longest, label: WHAT[miss] }],
      },
    }
  }
}

function adviceFor(miss: Miss, isOwn: boolean): string {
  if (miss === 'serverSilence' || miss === 'serverAnswer')
    return 'Check whether the server still ran at that time, and whether its event loop was blocked. If it did, something in between has cut or delayed the connection. Connect again when a heartbeat is missed.'
  return isOwn
    ? 'Choose the protocol in the form, or with --protocol: its heartbeats are then sent and answered.'
    : 'Let the client send and answer heartbeats from a timer that nothing blocks. Browsers slow down timers of hidden tabs.'
}

export const heartbeatMissed = connectionRule({
  name: 'heartbeat-missed',
  about: 'A side that does not keep to the heartbeats of its protocol',
  takes: ['message', 'close', 'reconnect', 'connect'],
  readsPayloads: true,
  transports: ['websocket'],
  threshold: {
    value: 1.1,
    unit: 'factor',
    about: 'Time without a heartbeat, as a multiple of what is allowed',
  },
  start: (connection, { threshold }) => new Heartbeats(connection, threshold),
})
