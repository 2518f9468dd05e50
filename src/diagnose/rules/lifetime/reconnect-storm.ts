/** Attempts in a row that bring nothing and do not wait longer each time. */

import { isOnPurpose } from '../../../shared/faults.ts'
import { placeOf } from '../../../shared/muted-rules.ts'
import { plural, timeSpan } from '../../../shared/text/quantities.ts'
import { isPolling } from '../../../shared/transports.ts'
import type { ObservedConnection } from '../../observed-connection.ts'
import { type Found, type RuleContext, type RuleRun, sessionRule } from '../../rule.ts'
import type { RuleEvent } from '../../rule-event.ts'
import { MAX_EVENTS } from '../latest.ts'
import { medianOf } from './limits.ts'

/** An attempt that is open for less, in ms, is closed at once. */
const BRIEF = 1000
/** Attempts with longer delays between them, in ms, are no load. */
const MAX_DELAY = 10_000
/** Delays grow if the later half of them is longer than the earlier half by this factor, and by this many ms. */
const GROWTH = 1.5
const LEAST_GROWTH = 250
/** The latest delays that are compared. */
const DELAYS = 10
const MAX_FOUND = 20
/** Series that are followed at a time. */
const MAX_SERIES = 200

interface Attempt {
  readonly connection: number
  /** Number of its `connect`, counted from 0. */
  readonly number: number
  readonly from: number
  openedAt: number | undefined
  endedAt: number | undefined
  /** It brought something, or the user ended it or asked for the next one. */
  isFine: boolean
  /** Our proxy refused or cut it on purpose. */
  isOnPurpose: boolean
}

/** Attempts in a row, each after the end of the one before, that brought nothing. */
interface Series {
  readonly name: string
  readonly connection: number | undefined
  latest: Attempt
  /** Without the latest one. */
  count: number
  opened: number
  onPurpose: number
  from: number
  to: number
  readonly delays: number[]
  readonly attempts: { readonly number: number; readonly time: number }[]
}

class Storms implements RuleRun {
  readonly #context: RuleContext
  /** By connection, or by place for connections of other programs, which open a new one each time. */
  readonly #series = new Map<string, Series>()
  readonly #ended: Found[] = []

  constructor(context: RuleContext) {
    this.#context = context
  }

  add(event: RuleEvent): void {
    const connection = this.#context.connection(event.connection)
    if (isPolling(connection.transport)) return
    const { isOwn, id, url } = connection
    const key = isOwn ? String(id) : placeOf(url)
    const series = this.#series.get(key)
    if (event.type === 'connect') this.#connect(key, series, event, connection)
    else if (series?.latest.connection === id) note(series.latest, event, connection)
  }

  findings(): Found[] {
    const found = [...this.#series.values()].flatMap((series) => this.#found(series) ?? [])
    return [...this.#ended, ...found]
  }

  #connect(
    key: string,
    before: Series | undefined,
    { number, time, connection: id }: RuleEvent,
    { name, isOwn }: ObservedConnection,
  ): void {
    const latest = {
      connection: id,
      number,
      from: time,
      openedAt: undefined,
      endedAt: undefined,
      isFine: false,
      isOnPurpose: false,
    }
    if (before !== undefined) {
      // Another connection at the same time is none in a row.
      if (before.latest.endedAt === undefined && before.latest.connection !== id) return
      if (isFruitless(before.latest)) {
        goOn(before, latest)
        return
      }
      const found = this.#found(before)
      if (found !== undefined && this.#ended.length < MAX_FOUND) this.#ended.push(found)
    } else if (this.#series.size >= MAX_SERIES) return
    this.#series.set(key, {
      ...{
        name,
        connection: isOwn ? id : undefined,
        latest,
        count: 0,
        opened: 0,
        onPurpose: 0,
        from: time,
        to: time,
      },
      ...{ delays: [], attempts: [] },
    })
  }

  #found({
    name,
    connection,
    latest,
    count: before,
    opened: openedBefore,
    onPurpose: onPurposeBefore,
    from,
    delays,
    attempts,
  }: Series): Found | undefined {
    const isLast = latest.endedAt !== undefined && isFruitless(latest)
    const count = before + Number(isLast)
    if (count < this.#context.threshold || grow(delays)) return undefined
    const delay = medianOf(delays)
    if (delay > MAX_DELAY) return undefined
    const opened = openedBefore + Number(isLast && latest.openedAt !== undefined)
    const onPurpose = onPurposeBefore + Number(isLast && latest.isOnPurpose)
    const to = latest.endedAt ?? latest.from
    const all = isLast ? [...attempts, { number: latest.number, time: latest.from }] : attempts
    const what = `${plural(count, 'attempt')} in ${timeSpan(to - from)}`
    const accepted = opened === 0 ? 'None of them opened' : `${opened} of them opened and ended at once`
    return {
      severity: 'warning',
      ...(connection !== undefined && { connection }),
      ...{ from, to },
      events: all.map(({ number }) => number + 1).slice(0, MAX_EVENTS),
      title: `${what} without a growing delay`,
      message: `There were ${what} to connect to ${name}, about ${timeSpan(delay)} after the end of the one before, and the delay did not grow. ${accepted}.${causeOf(onPurpose, count)}`,
      advice: `Let the client wait longer after each failure, and for a random time, up to half a minute. Reset the delay only after a connection has lasted.${onPurpose === count ? '' : ' If the server accepts and closes, its close code or its log says why.'}`,
      evidence: {
        ...{ attempts: count, opened, delay: Math.round(delay), duration: Math.round(to - from) },
        ...(onPurpose > 0 && { onPurpose }),
      },
      chart: { kind: 'times', points: all.map(({ time }) => ({ time, tone: 'wrong' })) },
    }
  }
}

/** Takes note of what happens to an attempt. */
function note(attempt: Attempt, event: RuleEvent, { transport, ending, source }: ObservedConnection): void {
  const { full, time } = event
  if (full.type === 'open') {
    attempt.openedAt = time
    return
  }
  if (full.type === 'error' && source === 'proxy' && isOnPurpose(full.code)) attempt.isOnPurpose = true
  // An error does not end an attempt that is open.
  if (full.type === 'error' && attempt.openedAt !== undefined) return
  if (full.type === 'reconnect' && full.reason === 'requested') attempt.isFine = true
  if (full.type === 'close' && full.by === 'client') attempt.isFine = true
  if (attempt.endedAt !== undefined) return
  attempt.endedAt = time
  if (attempt.openedAt === undefined) return
  // A stream that says something and ends is over rather than refused.
  const saidSomething = transport !== 'websocket' && ending?.hasReceived === true
  if (time - attempt.openedAt >= BRIEF || saidSomething) attempt.isFine = true
}

/** A sentence about the attempts that our proxy ended on purpose; empty if there are none. */
function causeOf(onPurpose: number, count: number): string {
  if (onPurpose === 0) return ''
  if (onPurpose < count) return ` Our proxy refused or cut ${onPurpose} of them on purpose.`
  return ' Our proxy refused or cut all of them on purpose, so this shows how the client behaves, not the server.'
}

function isFruitless({ isFine, openedAt, endedAt }: Attempt): boolean {
  // Without an end, it is known only that another attempt followed.
  return !isFine && (endedAt !== undefined || openedAt === undefined)
}

/** Adds the latest attempt, after which another one begins. */
function goOn(series: Series, next: Attempt): void {
  const { latest, delays, attempts } = series
  const { number, from, endedAt = from, openedAt } = latest
  series.count++
  if (openedAt !== undefined) series.opened++
  if (latest.isOnPurpose) series.onPurpose++
  series.to = endedAt
  delays.push(next.from - endedAt)
  if (delays.length > DELAYS) delays.shift()
  if (attempts.length < MAX_EVENTS) attempts.push({ number, time: from })
  series.latest = next
}

function grow(delays: readonly number[]): boolean {
  const half = delays.length >> 1
  const early = medianOf(delays.slice(0, half))
  return medianOf(delays.slice(-half)) > Math.max(GROWTH * early, early + LEAST_GROWTH)
}

export const reconnectStorm = sessionRule({
  name: 'reconnect-storm',
  about: 'Attempts in a row that bring nothing, without a growing delay',
  takes: ['connect', 'open', 'close', 'error', 'reconnect'],
  threshold: { value: 5, unit: 'count', about: 'Attempts in a row that bring nothing, at least' },
  source: {
    title: 'RFC 6455, section 7.2.3 (recovering from abnormal closure)',
    url: 'https://www.rfc-editor.org/rfc/rfc6455#section-7.2.3',
  },
  start: (context) => new Storms(context),
})
