/**
 * A connection, as the user sees it: one URL, over all attempts to be connected to it.
 *
 * A connection runs one `Attempt` after another, each with a new `Transport`. Its states:
 *
 *     connecting ──▶ open ──▶ closing
 *      ▲    │            │         │
 *      │    └────────────┼─────────┘
 *      │                 ▼
 *     waiting ◀── attempt ended ──▶ closed or failed
 *
 * - `connecting`: an attempt has started. It ends, or it opens.
 * - `open`: messages flow until the attempt ends, or until `disconnect`, which leads to `closing`.
 * - `waiting`: the attempt was lost and another one may help. It starts after a delay, or at once by `reconnect`.
 * - `closed`: the peer or the user ended the connection. `failed`: it could not open, or did not come back.
 *
 * `reconnect` starts a new series of attempts from any state but `closing`.
 */
import type { Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import type { RealtimeEvent, TransportEvent } from '../shared/event.ts'
import { type Failure, sentenceOf } from '../shared/failure.ts'
import type { MessageBatch } from '../shared/message-batch.ts'
import { maskText, maskUrl } from '../shared/secrets.ts'
import type { ConnectionSpec, OutboundMessage } from '../shared/spec.ts'
import type { ConnectionState, ConnectionStatus } from '../shared/status.ts'
import { type TransportName, traitsOf } from '../shared/transports.ts'
import { Attempt, type AttemptReport } from './attempt.ts'
import { connectEvent } from './connect-event.ts'
import type { HostOf } from './connection-host.ts'
import { cannotSend, connectionLost, gaveUp, internalFailure, notOpen, phraseOf } from './failures.ts'
import type { LiveConnection } from './live-connection.ts'
import { type Backoff, nextDelay, startBackoff } from './reconnect.ts'
import { createTransport, resolveTransport } from './registry.ts'
import { isAlreadyEmitted } from './stream/event-ids.ts'
import { TrafficCounter } from './traffic-counter.ts'
import { type DisconnectRequest, newResumeState, type Outcome } from './transport.ts'
import { checkClose } from './websocket/closing.ts'

/** An attempt that stays open for this long, in milliseconds, ends a series: the next attempt counts from 1. */
const STABLE_AFTER = 5000

export type ConnectionHost = HostOf<Connection>

export class Connection implements LiveConnection {
  readonly id: number
  readonly spec: ConnectionSpec
  /** With secrets masked. */
  readonly #shownUrl: string
  readonly #host: ConnectionHost
  #state: ConnectionState = 'connecting'
  /** Session time at which the state began. */
  #since: number
  #stalled = false
  #lastError: Pick<Failure, 'code' | 'message'> | undefined
  readonly traffic = new TrafficCounter()

  /** What the user wants after the current attempt or wait. */
  #wish: 'run' | 'stop' | 'restart' = 'run'
  #running = false
  #done: Promise<Outcome>
  #settle: (outcome: Outcome) => void = () => {}

  #transportName: TransportName | 'auto'
  /** The attempt that is running. */
  #attempt: Attempt | undefined
  #attemptNumber = 0
  #sends: boolean | undefined
  readonly #resume = newResumeState()
  /** The attempt to come, and what ends the wait for it early. */
  #retry: ConnectionStatus['retry']
  #waitControl: AbortController | undefined

  /** Throws a `Failure` `BAD_URL` if the spec does not describe a connection. */
  constructor(id: number, spec: ConnectionSpec, host: ConnectionHost) {
    this.id = id
    this.spec = spec
    this.#shownUrl = maskUrl(spec.url)
    this.#host = host
    this.#transportName = resolveTransport(spec)
    this.#since = host.clock.now()
    this.#done = this.#untilSettled()
  }

  /**
   * Resolves when the connection has ended for good: `done`, or `failed` with the sentence to show. It is a new
   * promise after a `reconnect` that revives an ended connection.
   */
  get done(): Promise<Outcome> {
    return this.#done
  }

  /** Starts the first attempt. Call once. */
  start(): void {
    void this.#run()
  }

  /**
   * Ends the connection, also while it waits for its next attempt. Resolves when it has closed. Rejects with a
   * `Failure` `BAD_CLOSE` if the close code or reason is not allowed.
   */
  async disconnect(request: DisconnectRequest = {}): Promise<void> {
    checkClose(request)
    if (!this.#running) return
    this.#wish = 'stop'
    if (this.#state === 'open') this.#host.closing?.()
    if (this.#attempt !== undefined) this.#setState('closing')
    this.#interrupt(request)
    await this.done
  }

  /** Starts an attempt now: ends the wait for it, replaces the current attempt, or revives an ended connection. */
  reconnect(): void {
    if (this.#wish === 'stop' && this.#running) return
    this.#wish = 'restart'
    if (this.#running) {
      this.#interrupt({ reason: 'reconnecting' })
      return
    }
    this.#done = this.#untilSettled()
    void this.#run()
  }

  /** Sends a message. Throws a `Failure`: `NOT_OPEN`, `CANNOT_SEND`, or one of the transport's own. */
  send(message: OutboundMessage): void {
    if (!this.#canSend()) throw cannotSend(this.#transportName)
    if (this.#state !== 'open' || this.#attempt === undefined) throw notOpen(this.#state)
    const framed = this.#host.frame?.(message) ?? message
    this.#attempt.use((transport) => transport.send(framed))
  }

  /** Ends the current attempt because of a failure. It counts as `lost` or `failed`, as the outcome of a transport. */
  fail(failure: Failure, end: 'lost' | 'failed'): void {
    if (this.#attempt === undefined) return
    this.#emitError(failure)
    this.#attempt.abort({}, { end, reason: phraseOf(failure) })
  }

  /** The socket that was opened last; undefined if none is open. */
  get socket(): Socket | undefined {
    return this.#attempt?.socket
  }

  /** Stops reading from the peer until `resume`, also in later attempts. */
  pause(): void {
    this.#setStalled(true)
  }

  resume(): void {
    this.#setStalled(false)
  }

  status(): ConnectionStatus {
    const error = this.#state === 'failed' ? this.#lastError : undefined
    return {
      id: this.id,
      url: this.#shownUrl,
      transport: this.#transportName,
      state: this.#state,
      since: this.#since,
      openedAt: this.traffic.openedAt,
      ...this.traffic.counts,
      rate: this.traffic.rate(this.#host.clock.now()),
      retry: this.#retry,
      heldSince: this.traffic.heldSince,
      error: error && maskText(error.message),
      errorCode: error?.code,
      canSend: this.#canSend(),
      stalled: this.#stalled,
      speaking: this.#host.speaking?.(),
    }
  }

  #untilSettled(): Promise<Outcome> {
    return new Promise((resolve) => {
      this.#settle = resolve
    })
  }

  #canSend(): boolean {
    return this.#sends ?? traitsOf(this.#transportName)?.sends === true
  }

  #setState(state: ConnectionState): void {
    if (state === this.#state) return
    this.#state = state
    this.#since = this.#host.clock.now()
    this.#host.changed(this)
  }

  #setStalled(stalled: boolean): void {
    if (stalled === this.#stalled) return
    this.#stalled = stalled
    this.#attempt?.use((transport) => (stalled ? transport.pause() : transport.resume()))
    this.#host.changed(this)
  }

  /** Ends the current attempt or wait. */
  #interrupt(request: DisconnectRequest): void {
    this.#attempt?.abort(request)
    this.#waitControl?.abort()
  }

  /** Runs a series of attempts and settles `done`. */
  async #run(): Promise<void> {
    this.#running = true
    let outcome: Outcome
    try {
      outcome = await this.#runAttempts()
    } catch (thrown) {
      // The host's event sink threw, so no event can report it; the state does.
      const failure = internalFailure(this.#transportName, sentenceOf(thrown))
      this.#attempt = undefined
      this.#lastError = failure
      outcome = { end: 'failed', reason: failure.message }
    }
    this.#running = false
    this.#retry = undefined
    this.#wish = 'run'
    if (outcome.end === 'failed') this.#lastError ??= { code: 'LOST', message: outcome.reason }
    this.#settle(outcome)
    this.#setState(outcome.end === 'done' ? 'closed' : 'failed')
  }

  async #runAttempts(): Promise<Outcome> {
    const { reconnect: policy = 'backoff', maxAttempts } = this.spec
    // Undefined at its start, so that a connection that just opens makes none.
    let backoff: Backoff | undefined
    let tries = 0
    if (this.#wish === 'restart') this.#announceAttempt('requested', 0)
    for (;;) {
      this.#wish = 'run'
      const report = await this.#runAttempt()
      this.#attempt = undefined
      if (this.#wishes('stop')) return { end: 'done', reason: report.outcome.reason }
      if (this.#isStable(report)) {
        this.#attemptNumber = 0
        backoff = undefined
      } else if (report.received) {
        // Returning soon pays off if the server sends something each time; only a limit set by the user keeps counting.
        backoff = maxAttempts === undefined ? undefined : backoff?.eased()
      }
      if (this.#wishes('restart')) {
        backoff = undefined
        this.#announceAttempt('requested', 0)
        continue
      }
      const end = this.#finalOutcome(report)
      if (end !== undefined) return end
      backoff ??= startBackoff(policy, { maxAttempts, random: this.#host.random })
      const retry = backoff.next()
      if (retry === undefined) return this.#giveUp(report.outcome, tries)
      tries = retry.attempt
      backoff = retry
      await this.#wait(report.outcome.reason, this.#retryDelay(retry.delay, report))
      if (this.#wishes('stop')) return this.#stopWaiting()
    }
  }

  /** Whether the user has changed what they want while an attempt or a wait was awaited. */
  #wishes(wish: 'stop' | 'restart'): boolean {
    return this.#wish === wish
  }

  #runAttempt(): Promise<AttemptReport> {
    this.#retry = undefined
    this.#lastError = undefined
    this.#setState('connecting')
    const prepared = this.#host.prepare?.(this.spec)
    return prepared === undefined
      ? this.#attemptWith(this.spec)
      : prepared.then((spec) => this.#attemptWith(spec))
  }

  #attemptWith(spec: ConnectionSpec): Promise<AttemptReport> {
    if (spec !== this.spec) this.#transportName = resolveTransport(spec)
    const transport = this.#host.createTransport?.(spec) ?? createTransport(spec)
    this.#sends = transport.sends
    const attempt = new Attempt(transport, {
      spec,
      network: this.#host.network(),
      clock: this.#host.clock,
      resume: this.#resume,
      hook: this.#host.requestHook?.(this, spec),
      sessions: this.#host.sessions,
      emit: (event) => this.#onEvent(event),
      ...(this.#host.appendBatch && { emitBatch: (batch) => this.#onBatch(batch) }),
      crashed: (reason, openedAt) => this.#onCrash(reason, openedAt),
    })
    this.#attempt = attempt
    this.#emit(
      connectEvent(spec, {
        ...{ type: 'connect', connection: this.id, attempt: this.#attemptNumber },
        time: this.#host.clock.now(),
        url: this.#resume.destination?.url ?? spec.url,
        transport: this.#transportName,
      }),
    )
    // The user may have changed what they want meanwhile.
    if (this.#wish !== 'run') attempt.abort({})
    if (this.#stalled) attempt.use(() => transport.pause())
    return attempt.run()
  }

  #isStable({ openedAt }: AttemptReport): boolean {
    return openedAt !== undefined && this.#host.clock.now() - openedAt >= STABLE_AFTER
  }

  /** How the connection ends with this attempt; undefined if another attempt may help. */
  #finalOutcome({ outcome, broken }: AttemptReport): Outcome | undefined {
    if (outcome.end === 'done') return outcome
    const { message } = this.#lastError ?? connectionLost(this.spec.url, outcome.reason)
    const failed: Outcome = { end: 'failed', reason: message }
    if (outcome.end === 'failed') return failed
    if (this.spec.reconnect === 'never') return broken ? failed : { ...outcome, end: 'done' }
    // A first attempt that fails is likely a mistake of the user, so it is repeated only on request.
    return this.traffic.openedAt === undefined && this.spec.reconnect === undefined ? failed : undefined
  }

  #giveUp(outcome: Outcome, tries: number): Outcome {
    const failure = gaveUp(this.spec.url, tries, outcome.reason)
    this.#emitError(failure)
    return { end: 'failed', reason: failure.message }
  }

  /** The delay before the next attempt, in milliseconds. */
  #retryDelay(backoff: number, { openedAt }: AttemptReport): number {
    const openFor = openedAt === undefined ? undefined : this.#host.clock.now() - openedAt
    return nextDelay(this.spec, this.#resume, { backoff, openFor, attempts: this.#attemptNumber })
  }

  async #wait(reason: string, delayMs: number): Promise<void> {
    const control = new AbortController()
    this.#waitControl = control
    this.#announceAttempt(reason, delayMs)
    this.#setState('waiting')
    // Rejects only if the wait is ended early.
    await delay(delayMs, undefined, { signal: control.signal }).catch(() => {})
    this.#waitControl = undefined
  }

  #stopWaiting(): Outcome {
    const time = this.#host.clock.now()
    this.#emit({ type: 'close', connection: this.id, time, by: 'client', reason: 'reconnecting was stopped' })
    return { end: 'done', reason: 'disconnected while waiting to reconnect' }
  }

  /** Counts the next attempt and emits `reconnect`. */
  #announceAttempt(reason: string, delayMs: number): void {
    this.#attemptNumber++
    const time = this.#host.clock.now()
    const { lastEventId, cursor } = this.#resume
    this.#retry = { attempt: this.#attemptNumber, at: time + delayMs, reason: maskText(reason) }
    this.#emit({
      type: 'reconnect',
      connection: this.id,
      time,
      attempt: this.#attemptNumber,
      delay: delayMs,
      reason,
      ...(lastEventId !== '' &&
        (isAlreadyEmitted(this.#resume, lastEventId) ? { sameId: true } : { lastEventId })),
      ...(cursor !== undefined && { cursor }),
    })
  }

  #onEvent(event: TransportEvent): void {
    if (event.type === 'open') this.#transportName = event.transport ?? this.#transportName
    else if (event.type === 'error') this.#lastError = event
    // The transport does not use the event any more, so it is extended rather than copied.
    this.#emit(Object.assign(event, { connection: this.id }))
    if (event.type === 'open' && this.#state === 'connecting') this.#setState('open')
  }

  #onBatch(batch: MessageBatch): void {
    this.traffic.addBatch(batch)
    this.#host.appendBatch?.(this.id, batch)
  }

  /** A callback of the attempt threw, which has ended it. */
  #onCrash(reason: string, openedAt: number | undefined): void {
    this.#emitError(internalFailure(this.#transportName, reason))
    const time = this.#host.clock.now()
    if (openedAt !== undefined) this.#emit({ type: 'close', connection: this.id, time, by: 'client' })
  }

  #emit(event: RealtimeEvent): void {
    this.traffic.add(event)
    this.#host.append(event)
  }

  #emitError(failure: Failure): void {
    const { code, message } = failure
    this.#lastError = failure
    this.#emit({ type: 'error', connection: this.id, time: this.#host.clock.now(), code, message })
  }
}
