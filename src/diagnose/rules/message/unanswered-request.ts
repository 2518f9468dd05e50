/**
 * A request of a sub-protocol got no answer: an ID that never came back. If this program opened the connection, requests of
 * the server do not count, because nothing answers them unless the user does.
 */

import type { FindingSource } from '../../../shared/finding.ts'
import { MAX_CHART_POINTS, type ValuesChart } from '../../../shared/finding-chart.ts'
import { getOrMake } from '../../../shared/maps.ts'
import { percentilesOf } from '../../../shared/percentiles.ts'
import { plural, shortSpan, timeSpan } from '../../../shared/text/quantities.ts'
import { type Found, type RuleContext, type RuleRun, sessionRule } from '../../rule.ts'
import type { RuleEvent } from '../../rule-event.ts'
import { Latest, MAX_EVENTS } from '../latest.ts'
import { quoted } from '../quoted.ts'
import { type PendingRequest, PendingRequests } from './pending-requests.ts'

/** How a protocol names an answer, and who says so. */
interface Wording {
  readonly answer: string
  readonly answered: string
  readonly advice: (name: string, limit: string) => string
  readonly source?: FindingSource
}

const ANY: Wording = {
  answer: 'answer',
  answered: 'answered',
  advice: (name) =>
    `Let the server answer every ${name}, with an error where it fails, and let the client give up after a time rather than wait for ever.`,
}

const WORDINGS: Readonly<Record<string, Wording>> = {
  'socket.io': {
    answer: 'ack',
    answered: 'acknowledged',
    advice: (name, limit) =>
      `Call the ack callback in the handler of ${name}, also where it fails; socket.timeout(${limit}).emit(…) makes a missing ack an error in the client.`,
    source: {
      title: 'Socket.IO: emitting events, acknowledgements',
      url: 'https://socket.io/docs/v4/emitting-events/#acknowledgements',
    },
  },
}

/** What is known of the answers on a connection. */
interface Answers {
  count: number
  readonly latencies: Latest<number>
}

class UnansweredRequests implements RuleRun {
  readonly #context: RuleContext
  readonly #pending = new PendingRequests()
  /** By connection. */
  readonly #answers = new Map<number, Answers>()
  #now = 0

  constructor(context: RuleContext) {
    this.#context = context
  }

  add(event: RuleEvent): void {
    this.#now = event.time
    if (event.type === 'close') this.#closed(event)
    else
      for (const packet of event.decoded) {
        if (packet.answers === undefined && !this.#counts(event)) continue
        const request = this.#pending.add(packet, event)
        if (request !== undefined) this.#answered(request, event.time)
      }
  }

  /** Answers may have been left out. */
  skipped(): void {
    this.#pending.drop(({ time }) => this.#now - time < this.#context.threshold)
  }

  /** Whether somebody has to answer what the event asks. */
  #counts({ connection, type, isOut }: RuleEvent): boolean {
    return type !== 'message' || isOut || !this.#context.connection(connection).isOwn
  }

  /** The other side of a WebSocket had no time to answer. Over HTTP, the answer may come on another connection. */
  #closed({ connection, time }: RuleEvent): void {
    if (this.#context.connection(connection).transport !== 'websocket') return
    this.#pending.drop(
      (request) => request.connection === connection && time - request.time < this.#context.threshold,
    )
  }

  #answered({ connection, time }: PendingRequest, now: number): void {
    const make = () => ({ count: 0, latencies: new Latest<number>(MAX_CHART_POINTS / 2) })
    const answers = getOrMake(this.#answers, connection, make)
    answers.count++
    answers.latencies.add(now - time)
  }

  findings(now: number): Found[] {
    const groups = new Map<string, PendingRequest[]>()
    for (const request of this.#pending.all()) {
      // Later ones are younger.
      if (now - request.time < this.#context.threshold) break
      if (!this.#pending.isOwed(request)) continue
      getOrMake(groups, `${request.connection} ${request.protocol} ${request.name}`, () => []).push(request)
    }
    return [...groups.values()].map((requests) => this.#found(requests, now))
  }

  #found(requests: readonly PendingRequest[], now: number): Found {
    const [first] = requests
    const last = requests.at(-1)
    if (first === undefined || last === undefined) throw new RangeError('There are no requests.')
    const { connection, protocol, id } = first
    const { threshold } = this.#context
    const { answer, answered, advice, source } = WORDINGS[protocol] ?? ANY
    const answers = this.#answers.get(connection)
    const name = quoted(first.name)
    const times = requests.length === 1 ? '' : `, ${requests.length} times`
    const on = `on ${this.#context.connection(connection).name}`
    const sent =
      requests.length === 1
        ? `It was sent ${on} with the ID ${quoted(id)}, which did not come back`
        : `${requests.length} were sent ${on}, and their IDs did not come back`
    return {
      severity: 'warning',
      connection,
      from: first.time,
      to: last.time,
      events: requests.slice(0, MAX_EVENTS).map(({ number }) => number),
      title: `${name} got no ${answer} within ${shortSpan(threshold)}${times}`,
      message: `${sent} in ${timeSpan(now - last.time)}. ${othersIn(answers, answered)}`,
      advice: advice(name, String(Math.round(threshold))),
      evidence: { name: first.name, protocol, unanswered: requests.length, answered: answers?.count ?? 0 },
      ...(source !== undefined && { source }),
      chart: chartOf(requests, answers?.latencies.values ?? [], threshold, now),
    }
  }
}

/** What became of the other requests. */
function othersIn(answers: Answers | undefined, answered: string): string {
  const { p50, max } = percentilesOf(Float64Array.from(answers?.latencies.values ?? [])) ?? {}
  if (answers === undefined || p50 === undefined || max === undefined)
    return `No other request was ${answered}.`
  if (answers.count === 1) return `The other request was ${answered} after ${timeSpan(p50)}.`
  return `The other ${plural(answers.count, 'request')} were ${answered}, half within ${timeSpan(p50)}, the slowest after ${timeSpan(max)}.`
}

function chartOf(
  requests: readonly PendingRequest[],
  latencies: readonly number[],
  threshold: number,
  now: number,
): ValuesChart {
  const { p50 } = percentilesOf(Float64Array.from(latencies)) ?? {}
  return {
    kind: 'values',
    unit: 'ms',
    points: [
      ...latencies.map((value) => ({ value })),
      ...requests
        .slice(0, MAX_CHART_POINTS / 2)
        .map(({ time }) => ({ value: now - time, tone: 'wrong' as const })),
    ],
    marks: [
      ...(p50 === undefined ? [] : [{ value: p50, label: `p50 ${timeSpan(p50)}` }]),
      { value: threshold, label: `limit ${shortSpan(threshold)}` },
    ],
  }
}

export const unansweredRequest = sessionRule({
  name: 'unanswered-request',
  about: 'Requests of sub-protocols that got no answer',
  takes: ['connect', 'request', 'message', 'close'],
  readsPayloads: true,
  threshold: { value: 5000, unit: 'ms', about: 'Time within which a request is answered' },
  source: {
    title: 'JSON-RPC 2.0, section 5 (a server must reply)',
    url: 'https://www.jsonrpc.org/specification#response_object',
  },
  start: (context) => new UnansweredRequests(context),
})
