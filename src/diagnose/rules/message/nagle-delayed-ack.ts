/**
 * Answers take near 40 ms or 200 ms, whatever they are about, on a connection that is much faster: Nagle's algorithm of one
 * side may wait for an acknowledgment that the other side delays. Linux delays one for 40 ms or more, other systems for 200 ms.
 * A guess, because a timer of the server looks the same.
 */
import { MAX_CHART_POINTS } from '../../../shared/finding-chart.ts'
import { largest } from '../../../shared/numbers.ts'
import { percentilesOf } from '../../../shared/percentiles.ts'
import { byteCount, formatCount, preciseSpan } from '../../../shared/text/quantities.ts'
import type { AlikeEvents } from '../../alike-events.ts'
import type { ObservedConnection } from '../../observed-connection.ts'
import { connectionRule, type Found, type RuleContext, type RuleRun } from '../../rule.ts'
import type { RuleEvent } from '../../rule-event.ts'
import { Latest, MAX_EVENTS } from '../latest.ts'

/** Times of acknowledgments that are delayed, in ms: from the least to what a busy machine adds. */
const DELAYS = [
  { name: 40, from: 38, to: 60 },
  { name: 200, from: 196, to: 240 },
] as const
const LEAST = 20
/** Part of the delay that a round trip may take. */
const FAST = 0.25

interface Answer {
  readonly took: number
  readonly size: number
  readonly time: number
  readonly number: number
}

class NagleDelayedAck implements RuleRun {
  readonly #connection: ObservedConnection
  readonly #threshold: number
  readonly #answers = new Latest<Answer>(MAX_CHART_POINTS)
  /** The time of the only message that went out since the last one came in. */
  #asked: number | undefined
  #isOpen = true
  #fastest = Number.POSITIVE_INFINITY

  constructor(connection: ObservedConnection, { threshold }: RuleContext) {
    this.#connection = connection
    this.#threshold = threshold
  }

  /** The first message after the only one that was sent counts as its answer. */
  add({ isOut, time, size, number }: Pick<RuleEvent, 'isOut' | 'time' | 'size' | 'number'>): void {
    if (isOut) {
      this.#asked = this.#isOpen ? time : undefined
      this.#isOpen = false
      return
    }
    if (this.#asked !== undefined) {
      const took = time - this.#asked
      if (took < this.#fastest) this.#fastest = took
      this.#answers.add({ took, size, time, number: number + 1 })
    }
    this.#asked = undefined
    this.#isOpen = true
  }

  addAlike({ isOut, from, to, first, time, size }: AlikeEvents): void {
    if (isOut) {
      this.#asked = this.#isOpen && to - from === 1 ? time[from] : undefined
      this.#isOpen = false
    } else this.add({ isOut, time: time[from] ?? 0, size: size[from] ?? 0, number: first + from })
  }

  findings(): Found[] {
    const answers = this.#answers.values
    if (answers.length < LEAST) return []
    return DELAYS.flatMap((delay) => this.#near(delay, answers) ?? [])
  }

  #near({ name, from, to }: (typeof DELAYS)[number], answers: readonly Answer[]): Found | undefined {
    const near = answers.filter(({ took }) => took >= from && took < to)
    const width = to - from
    // No acknowledgment comes before its time, so there is an edge; times that spread have as many beside as within.
    const before = answers.filter(({ took }) => took >= from - width && took < from)
    const after = answers.filter(({ took }) => took >= to && took < to + width)
    const { tcp } = this.#connection.open?.timing ?? {}
    const trip = tcp === undefined ? this.#fastest : Math.min(tcp, this.#fastest)
    const [first] = near
    const last = near.at(-1)
    if (first === undefined || last === undefined || near.length < this.#threshold * answers.length)
      return undefined
    if (before.length > near.length / 10 || after.length > near.length / 2) return undefined
    if (trip > FAST * name) return undefined
    const { p50 = 0 } = percentilesOf(Float64Array.from(near, ({ took }) => took)) ?? {}
    const sizes = near.map(({ size }) => size)
    const smallest = sizes.reduce((one, other) => Math.min(one, other))
    return {
      severity: 'info',
      from: first.time - first.took,
      to: last.time,
      events: near.slice(0, MAX_EVENTS).map(({ number }) => number),
      title: `${near.length} of ${formatCount(answers.length)} answers took about ${name} ms`,
      message: `${near.length} of ${formatCount(answers.length)} answers on ${this.#connection.name} came after ${from} to ${to} ms, half within ${preciseSpan(p50)}, with ${byteCount(smallest)} to ${byteCount(largest(sizes, 0))}, while a round trip takes ${preciseSpan(trip)} or less. That may be Nagle's algorithm: one side holds back a small segment until the last one is acknowledged, which the other delays by ${name} ms.`,
      advice:
        'Set TCP_NODELAY on the sockets of the server and of proxies (socket.setNoDelay(true) in Node.js), and write a message at once rather than in parts. If answers wait for a timer instead, ignore this.',
      evidence: { answers: answers.length, near: near.length, median: p50, roundTrip: trip },
      confidence: `a guess, from ${near.length} of ${answers.length} times between ${from} and ${to} ms`,
      chart: {
        kind: 'values',
        unit: 'ms',
        points: answers.map(({ took }) => ({
          value: took,
          tone: took >= from && took < to ? 'wrong' : 'plain',
        })),
        marks: [{ value: name, label: `${name} ms` }],
      },
    }
  }
}

export const nagleDelayedAck = connectionRule({
  name: 'nagle-delayed-ack',
  about: 'Answers that take the time of a delayed acknowledgment of TCP',
  takes: ['message'],
  transports: ['websocket'],
  threshold: { value: 0.5, unit: 'share', about: 'Answers that take near 40 ms or 200 ms' },
  source: {
    title: 'Marc Brooker: It’s always TCP_NODELAY',
    url: 'https://brooker.co.za/blog/2024/05/09/nagle.html',
  },
  start: (connection, context) => new NagleDelayedAck(connection, context),
})
