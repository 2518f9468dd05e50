/** Finds polls among the requests of programs: by repetition. docs/recorded-traffic.md describes the rule to users. */
import type { SeenStart } from '../../shared/traffic.ts'
import type { PollingTransport } from '../../shared/transports.ts'
import { addressOf, bodyShape } from './address.ts'
import type { ObservedExchange } from './observed-exchange.ts'
import { PollCycle } from './poll-cycle.ts'
import { PollRecorder } from './poll-recorder.ts'
import { MAX_CYCLES, repetitionOf } from './repetition.ts'
import type { SeenConnection } from './seen-connection.ts'

/** Addresses whose requests are watched, and polls that are known, at most. Those that were used first are forgotten. */
const MAX_WATCHED = 500
/** Bytes of all requests and responses that are kept until it is known whether they belong to a poll, at most. */
const MAX_KEPT = 16 * 1024 * 1024
/** Length of the content of a request. A program that sends more does not poll. */
const LONGEST_BODY = 16 * 1024
/** Milliseconds without a request after which a poll does not go on, but begins anew. */
const LONGEST_WAIT = 120_000
/** Methods by which programs poll. */
const POLLING_METHODS: ReadonlySet<string> = new Set(['GET', 'POST', 'QUERY'])

/** Begins the connection of a poll with its first cycle. */
type Open = (transport: PollingTransport, first: ObservedExchange) => SeenConnection

interface Watched {
  cycles: PollCycle[]
}

export class Polls {
  readonly #open: Open
  readonly #isListed: (connection: SeenConnection) => boolean
  /** Both by the address of the requests; the one that was used last comes last. */
  readonly #watched = new Map<string, Watched>()
  readonly #known = new Map<string, { readonly recorder: PollRecorder; readonly through: number }>()

  /** `isListed`: whether a connection is still part of the session, which the user may have cleared. */
  constructor(open: Open, isListed: (connection: SeenConnection) => boolean) {
    this.#open = open
    this.#isListed = isListed
  }

  /** Takes the next request of a program. Returns undefined if it cannot be a cycle of a poll. */
  take(exchange: ObservedExchange): { readonly cycle: PollCycle; readonly isKnown: boolean } | undefined {
    const { start } = exchange
    if (!mayPoll(start)) return undefined
    // Engine.IO, SockJS and SignalR send by POST what a GET to the same address does not receive.
    if (start.method === 'POST' && this.#has(keyOf({ ...start, method: 'GET', body: undefined })))
      return undefined
    const key = keyOf(start)
    const known = this.#known.get(key)?.recorder
    if (known !== undefined && !(goesOn(known, start) && this.#isListed(known.connection)))
      this.#forgetKnown(key)
    else if (known !== undefined) {
      if (known.isBusy) return undefined
      const cycle = new PollCycle(exchange, (over) => known.ended(over))
      known.add(cycle)
      touch(this.#known, key)
      return { cycle, isKnown: true }
    }
    return this.#watch(key, exchange)
  }

  /** A request is not a cycle of a poll, and so the others to its address are none. */
  dismiss(exchange: ObservedExchange): void {
    if (mayPoll(exchange.start)) this.#watched.delete(keyOf(exchange.start))
  }

  /** A source has ended, and with it what it saw. */
  sourceEnded(through: number, reason: string): void {
    for (const [key, known] of this.#known) {
      if (known.through !== through) continue
      known.recorder.stop(reason)
      this.#known.delete(key)
    }
  }

  #watch(key: string, exchange: ObservedExchange): { readonly cycle: PollCycle; readonly isKnown: boolean } {
    const watched = this.#watched.get(key) ?? { cycles: [] }
    const cycle = new PollCycle(exchange, (over) => this.#known.get(key)?.recorder.ended(over))
    // Requests at the same time are not the cycles of one poll.
    if (watched.cycles.some(({ ended }) => ended === undefined)) watched.cycles = []
    watched.cycles = [...watched.cycles, cycle].slice(-MAX_CYCLES)
    const repetition = repetitionOf(watched.cycles)
    if (repetition !== undefined && hasAnswers(watched.cycles, exchange.start)) {
      this.#watched.delete(key)
      const cycles = watched.cycles.slice(repetition.from).filter(({ isLost }) => !isLost)
      this.#record(key, repetition.transport, cycles, exchange)
      return { cycle, isKnown: true }
    }
    this.#watched.set(key, watched)
    touch(this.#watched, key)
    this.#limit()
    return { cycle, isKnown: false }
  }

  #record(key: string, transport: PollingTransport, cycles: PollCycle[], last: ObservedExchange): void {
    const connection = this.#open(transport, cycles[0]?.exchange ?? last)
    const recorder = new PollRecorder(connection, transport, cycles)
    this.#known.set(key, { recorder, through: last.start.through })
    const [oldest] = this.#known.keys()
    if (this.#known.size > MAX_WATCHED && oldest !== undefined) this.#forgetKnown(oldest)
  }

  #forgetKnown(key: string): void {
    this.#known.get(key)?.recorder.stop('other polls are followed instead')
    this.#known.delete(key)
  }

  #limit(): void {
    let kept = 0
    for (const { cycles } of this.#watched.values()) for (const cycle of cycles) kept += sizeOf(cycle)
    for (const [key, { cycles }] of this.#watched) {
      if (this.#watched.size <= MAX_WATCHED && kept <= MAX_KEPT) return
      for (const cycle of cycles) kept -= sizeOf(cycle)
      this.#watched.delete(key)
    }
  }

  #has(key: string): boolean {
    return this.#watched.has(key) || this.#known.has(key)
  }
}

function keyOf({ source, through, program, method = 'GET', url, body }: SeenStart): string {
  return JSON.stringify([source, through, program, method, addressOf(url), bodyShape(body)])
}

function mayPoll({ method = 'GET', body }: SeenStart): boolean {
  return POLLING_METHODS.has(method) && lengthOf(body) <= LONGEST_BODY
}

function lengthOf(body: SeenStart['body'] = ''): number {
  return typeof body === 'string' ? body.length : body.base64.length
}

/** What a cycle keeps of its request and its response. */
function sizeOf({ kept, exchange }: PollCycle): number {
  return kept + lengthOf(exchange.start.body)
}

/** Moves an entry to the end of its map. */
function touch<T>(map: Map<string, T>, key: string): void {
  const value = map.get(key)
  if (value === undefined) return
  map.delete(key)
  map.set(key, value)
}

/** Whether a poll goes on with a request: the program has not ended it, and not for too long sent none. */
function goesOn({ connection }: PollRecorder, { time }: SeenStart): boolean {
  const { ending } = connection
  return ending === undefined || (ending.by !== 'client' && time - ending.time <= LONGEST_WAIT)
}

/** A program that posts and never gets anything back only reports. */
function hasAnswers(cycles: readonly PollCycle[], { method }: SeenStart): boolean {
  return method !== 'POST' || cycles.some(({ kept, isLost }) => kept > 0 || isLost)
}
