/**
 * The counter in the messages of a connection, and what became of its values. The rules about sequences share it. The field is
 * found by its values, and has to be named like a counter unless it counts very evenly: seconds, sizes and totals also rise.
 */
import { MAX_CHART_POINTS } from '../../../shared/finding-chart.ts'
import { getOrMake } from '../../../shared/maps.ts'
import type { ObservedConnection } from '../../observed-connection.ts'
import { PayloadFields, valueAt } from '../../payload-fields.ts'
import { MAX_JSON, type RuleEvent } from '../../rule-event.ts'
import { Latest } from '../latest.ts'
import { type Attempt, type Seen, Sequence } from './sequence.ts'

/** Payloads that are kept until the counter is known, and their size in bytes at most. */
const MAX_KEPT = 16
const MAX_KEPT_SIZE = 1024
/** Messages in which a counter is looked for. */
const MAX_TRIED = 500
/** Steps from which a field is taken for a counter, and the share of steps of +1: with a fitting name, and without. */
const NAMED = { steps: 5, share: 0.8 }
const UNNAMED = { steps: 40, share: 0.95 }
/** Names of counters of messages. */
const COUNTER =
  /^(?:seq\w*|sequence\w*|\w+_?seq(?:uence)?|serial|counter|offset|tick|n|no|nr|num|number|idx|index|sn|message_?id|event_?id|msg_?id)$/i
/** Names of what rises for other reasons. */
const OTHER =
  /time|elapsed|uptime|second|duration|age$|progress|percent|total|size|length|bytes|remaining|users|online|clients|connections|price|amount|balance|score/i

interface Kept {
  readonly json: unknown
  readonly time: number
  readonly number: number
  readonly attempt: Attempt
}

class CounterFeed {
  readonly #connection: ObservedConnection
  readonly #fields = new PayloadFields()
  readonly sequence = new Sequence()
  /** The latest values. */
  readonly points = new Latest<Seen>(MAX_CHART_POINTS)
  #kept: Kept[] = []
  /** The place of the counter, as in `PayloadField.name`. */
  #place: string | undefined
  #latest = -1
  #opens = -1
  #tried = 0
  #attempt: Attempt = { openedAt: 0, ending: undefined }

  constructor(connection: ObservedConnection) {
    this.#connection = connection
  }

  /** The name of the counter, as in `data.seq`. Undefined if there is none that is certain enough. */
  get name(): string | undefined {
    const { steps, ones } = this.sequence
    const name = this.#place
    const last = name?.split('.').at(-1) ?? ''
    const limits = COUNTER.test(last) ? NAMED : UNNAMED
    return name !== undefined && steps >= limits.steps && ones >= limits.share * steps ? name : undefined
  }

  /** Takes an event, once: the rules that share the feed all give it. */
  add(event: RuleEvent): void {
    if (event.number <= this.#latest) return
    this.#latest = event.number
    if (event.isOut || this.#hasGivenUp()) return
    const { size, time, number } = event
    const attempt = this.#currentAttempt()
    const integer = this.#place === undefined ? undefined : event.integerAt(this.#place)
    if (integer !== undefined) {
      this.#found(integer, time, number + 1, attempt)
      return
    }
    const values = valuesIn(event)
    // A payload that was not kept, was cut off, or is too long may have had the next value.
    if (values.length === 0 && this.#place !== undefined && isUnread(event)) this.restart()
    for (const json of values) this.#take({ json, time, number: number + 1, attempt }, size)
  }

  restart(): void {
    if (this.#kept.length > 0) this.#kept = []
    this.sequence.restart()
  }

  /** Without a counter after so many messages, payloads are not parsed for it any more. */
  #hasGivenUp(): boolean {
    return this.#place === undefined && this.#tried++ >= MAX_TRIED
  }

  #currentAttempt(): Attempt {
    const { opens, openedAt, ending } = this.#connection
    if (opens !== this.#opens) {
      this.#opens = opens
      this.#attempt = { openedAt, ending }
    }
    return this.#attempt
  }

  #take(message: Kept, size: number): void {
    if (this.#place !== undefined) {
      this.#follow(message, this.#place)
      return
    }
    this.#fields.add(message.json, message.time)
    if (size <= MAX_KEPT_SIZE) this.#kept.push(message)
    if (this.#kept.length > MAX_KEPT) this.#kept.shift()
    const name = this.#fields.counter?.name
    if (name === undefined || OTHER.test(name)) return
    this.#place = name
    for (const kept of this.#kept) this.#follow(kept, name)
    this.#kept = []
  }

  #follow({ json, time, number, attempt }: Kept, place: string): void {
    const found = valueAt(json, place)
    // Large numbers are often written as text.
    const value = typeof found === 'string' && /^\d{1,16}$/.test(found) ? Number(found) : found
    if (typeof value !== 'number' || !Number.isSafeInteger(value)) return
    this.#found(value, time, number, attempt)
  }

  #found(value: number, time: number, number: number, attempt: Attempt): void {
    const seen = { value, time, number }
    this.points.add(seen)
    this.sequence.add(seen, attempt)
  }
}

const feeds = new WeakMap<ObservedConnection, CounterFeed>()

/** The feed of a connection. */
export function counterFeedOf(connection: ObservedConnection): CounterFeed {
  return getOrMake(feeds, connection, () => new CounterFeed(connection))
}

/** The payload as JSON, each element of a list of objects, or the values of the packets in it. */
function valuesIn(event: RuleEvent): readonly unknown[] {
  const { json } = event
  if (Array.isArray(json) && json.length > 0 && json.every(isObject)) return json
  if (json !== undefined) return [json]
  return event.decoded.flatMap(({ kind, value }) =>
    (kind === 'event' || kind === 'data') && value !== undefined ? [value] : [],
  )
}

function isUnread({ size, full }: RuleEvent): boolean {
  return (
    size > MAX_JSON || (full.type === 'message' && (full.dropped !== undefined || full.truncated === true))
  )
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
