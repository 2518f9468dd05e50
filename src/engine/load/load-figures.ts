/** Counts what the connections of a load do. Takes no more memory the more they do. */
import type { RealtimeEvent } from '../../shared/event.ts'
import { Failure, sentenceOf } from '../../shared/failure.ts'
import { toMicroseconds } from '../../shared/numbers.ts'
import { maskText } from '../../shared/secrets.ts'
import type { FailureKind, LoadReport, TrafficCount } from './load-report.ts'
import { OwnLimitMeter } from './own-limit.ts'
import { Timings } from './timings.ts'

/** Different reasons that are told apart. */
const MAX_KINDS = 50
/** Codes for which the limits of this machine are the reason, and what to try. */
const OWN_LIMITS: ReadonlyMap<string, string> = new Map([
  ['EMFILE', 'This process may not have more open files; raise the limit with ulimit -n.'],
  ['ENFILE', 'This machine may not have more open files; close programs, or raise its limit.'],
  [
    'EADDRNOTAVAIL',
    'This machine has no free local port for the server; use fewer connections, or several machines.',
  ],
])

/** Closes that say that all is well: normal, going away, and without a code (RFC 6455, 7.4.1). */
const NORMAL_CLOSES: ReadonlySet<number> = new Set([1000, 1001, 1005])

/** Why a connection failed. */
type Reason = Pick<FailureKind, 'kind' | 'message'>

/** A connection of the load, as long as it lasts. */
export class LoadedConnection {
  readonly #figures: LoadFigures
  #connectedAt: number | undefined
  #requestedAt: number | undefined
  #lastError: Reason | undefined
  readonly #closeCode: number | undefined
  #unexpectedClose: Reason | undefined
  #isPolling = false
  #wasOpen = false

  /** The recorded connection was closed with `closeCode`. */
  constructor(figures: LoadFigures, closeCode: number | undefined) {
    this.#figures = figures
    this.#closeCode = closeCode
  }

  /** Call for each of its events. */
  appended(event: RealtimeEvent): void {
    switch (event.type) {
      case 'connect':
        this.#connectedAt = event.time
        this.#isPolling = event.transport === 'poll' || event.transport === 'long-poll'
        break
      case 'open':
        if (this.#connectedAt !== undefined && !this.#isPolling)
          this.#figures.handshakes.add(event.time - this.#connectedAt)
        if (!this.#wasOpen) this.#figures.opened()
        this.#wasOpen = true
        this.#unexpectedClose = undefined
        break
      case 'request':
        this.#requestedAt = event.time
        break
      case 'response':
        if (this.#requestedAt !== undefined) this.#figures.responses.add(event.time - this.#requestedAt)
        this.#requestedAt = undefined
        break
      case 'message':
        this.#figures.message(event.direction, event.dropped ?? event.payload.length)
        break
      case 'error': {
        const { code = 'ERROR', status, message } = event
        const kind = code === 'HTTP_STATUS' && status !== undefined ? `${code} ${status}` : code
        this.#lastError = { kind, message }
        break
      }
      case 'close':
        if (event.by !== 'client' && event.code !== undefined) this.#closed(event.code, event.reason)
        break
      default:
        break
    }
  }

  /** Call when it has ended; `thrown` says why it did not do what it was to do, unless it did. */
  ended(thrown: unknown): void {
    const isOfConnection =
      thrown instanceof Failure && (thrown.code === 'CONNECTION' || thrown.code === 'NOT_SENT')
    const known = isOfConnection ? (this.#lastError ?? this.#unexpectedClose) : undefined
    const failure = thrown === undefined ? this.#unexpectedClose : (known ?? reasonOf(thrown))
    this.#figures.ended(this.#wasOpen, failure)
  }

  #closed(code: number, reason = ''): void {
    if (NORMAL_CLOSES.has(code) || code === this.#closeCode) return
    const why = reason === '' ? '' : ` (${reason})`
    this.#unexpectedClose = {
      kind: `CLOSE ${code}`,
      message: `The connection was closed with ${code}${why}; the log of the server may say why.`,
    }
  }
}

function reasonOf(thrown: unknown): Reason {
  return { kind: thrown instanceof Failure ? thrown.code : 'INTERNAL', message: sentenceOf(thrown) }
}

export class LoadFigures {
  readonly handshakes = new Timings()
  readonly answers = new Timings()
  readonly responses = new Timings()
  limit = new OwnLimitMeter()
  readonly planned: number
  answersBy: LoadReport['answersBy'] = 'order'
  #begun = performance.now()
  readonly #failures = new Map<string, { -readonly [Field in keyof FailureKind]: FailureKind[Field] }>()
  readonly #traffic: Record<'in' | 'out', { messages: number; bytes: number }> = {
    in: { messages: 0, bytes: 0 },
    out: { messages: 0, bytes: 0 },
  }
  #started = 0
  #opened = 0
  #ended = 0
  #peak = 0
  #open = 0
  #failed = 0
  #lost = 0

  /** `planned`: the number of connections. */
  constructor(planned: number) {
    this.planned = planned
  }

  get started(): number {
    return this.#started
  }

  /** How many are open now. */
  get open(): number {
    return this.#open
  }

  /** How many have opened. */
  get openedCount(): number {
    return this.#opened
  }

  /** How many failed, before or after they opened. */
  get failedCount(): number {
    return this.#failed + this.#lost
  }

  /** The load begins: what was measured of this program before does not count. */
  begin(): void {
    this.#begun = performance.now()
    this.limit.stop(false)
    this.limit = new OwnLimitMeter()
  }

  /** A connection is started. The recorded one was closed with `closeCode`. */
  start(closeCode: number | undefined): LoadedConnection {
    this.#started++
    return new LoadedConnection(this, closeCode)
  }

  opened(): void {
    this.#opened++
    this.#open++
    this.#peak = Math.max(this.#peak, this.#open)
  }

  message(direction: 'in' | 'out', bytes: number): void {
    const traffic = this.#traffic[direction]
    traffic.messages++
    traffic.bytes += bytes
  }

  /** A connection has ended. */
  ended(wasOpen: boolean, failure: Reason | undefined): void {
    if (wasOpen) {
      this.#open--
      this.#ended++
    }
    if (failure === undefined) return
    if (wasOpen) this.#lost++
    else this.#failed++
    this.#count(failure.kind, wasOpen ? 'later' : 'open', failure.message)
  }

  /** Ends the measurement. */
  report(): LoadReport {
    const traffic = (direction: 'in' | 'out'): TrafficCount => ({ ...this.#traffic[direction] })
    return {
      duration: toMicroseconds(performance.now() - this.#begun),
      connections: {
        planned: this.planned,
        started: this.#started,
        opened: this.#opened,
        peak: this.#peak,
        closed: this.#ended - this.#lost,
        failed: this.#failed,
        lost: this.#lost,
      },
      failures: [...this.#failures.values()].sort((one, other) => other.count - one.count),
      handshakes: this.handshakes.report(),
      answers: this.answers.report(),
      answersBy: this.answersBy,
      answerCount: this.answers.count,
      responses: this.responses.report(),
      out: traffic('out'),
      in: traffic('in'),
      client: this.limit.stop(this.#opened > 0),
    }
  }

  #count(kind: string, phase: FailureKind['phase'], message: string): void {
    const isNew = !this.#failures.has(`${phase} ${kind}`)
    const named = isNew && this.#failures.size >= MAX_KINDS ? 'other' : kind
    const key = `${phase} ${named}`
    const known = this.#failures.get(key)
    if (known !== undefined) {
      known.count++
      return
    }
    const sentence = OWN_LIMITS.get(kind) ?? maskText(message)
    this.#failures.set(key, { kind: named, phase, count: 1, message: sentence })
  }
}
