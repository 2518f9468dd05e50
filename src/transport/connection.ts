/** One connection over all its attempts: runs a transport, tells what happens, and tries again where that helps. */
import { setTimeout as delay } from 'node:timers/promises'
import type { Clock } from '../shared/clock.ts'
import type { RealtimeEvent, TransportEvent } from '../shared/event.ts'
import { Failure, sentenceOf } from '../shared/failure.ts'
import type { MessageBatch } from '../shared/message-batch.ts'
import { maskText, maskUrl } from '../shared/secrets.ts'
import type { ConnectionSpec, NetworkSettings, OutboundMessage, TransportName } from '../shared/spec.ts'
import type { ConnectionState, ConnectionStatus } from '../shared/status.ts'
import { traitsOf } from '../shared/transports.ts'
import { Attempt, type AttemptReport } from './attempt.ts'
import { type Backoff, MAX_TIMER_DELAY, startBackoff } from './reconnect.ts'
import { createTransport, resolveTransport } from './registry.ts'
import { isTold } from './stream/event-ids.ts'
import { Tally } from './tally.ts'
import { type DisconnectRequest, newResumeState, type Outcome } from './transport.ts'
import { checkClose } from './websocket/closing.ts'

/** An attempt open for this long, in milliseconds, ends a series of attempts: the next one counts from 1. */
const STABLE_AFTER = 5000

export interface ConnectionHost {
  readonly clock: Clock
  network(): NetworkSettings
  append(event: RealtimeEvent): void
  /** The same for messages that arrived together; absent where they are to be told one by one. */
  appendBatch?(connection: number, batch: MessageBatch): void
  /** The state, or whether reading is paused, has changed. */
  changed(connection: Connection): void
  /** Uniform in [0, 1), for the spread of delays. */
  random?: () => number
}

export class Connection {
  readonly id: number
  readonly spec: ConnectionSpec
  readonly #host: ConnectionHost
  readonly #resume = newResumeState()
  readonly #tally = new Tally()
  #transportName: TransportName | 'auto'
  #state: ConnectionState = 'connecting'
  #since: number
  #retry: ConnectionStatus['retry']
  #lastError: { readonly code: string; readonly message: string } | undefined
  #stalled = false
  #live: Attempt | undefined
  /** Ends the wait between two attempts. */
  #waitControl: AbortController | undefined
  #wish: 'run' | 'stop' | 'restart' = 'run'
  #attempt = 0
  #running = false
  #settle: (outcome: Outcome) => void = () => {}
  #done = this.#promiseEnd()

  /** Throws a `Failure` `BAD_URL` where the spec cannot be connected to. */
  constructor(id: number, spec: ConnectionSpec, host: ConnectionHost) {
    this.id = id
    this.spec = spec
    this.#host = host
    this.#transportName = resolveTransport(spec)
    this.#since = host.clock.now()
  }

  /**
   * The connection's final end: `done`, or `failed` with the sentence to show as its reason. A new promise
   * after a `reconnect()` of a connection that had ended.
   */
  get done(): Promise<Outcome> {
    return this.#done
  }

  /** Starts the first attempt; call once. */
  start(): void {
    void this.#supervise()
  }

  /**
   * Ends the connection at once, also while it waits for its next attempt; settles when it has closed.
   * Rejects with a `Failure` `BAD_CLOSE` where the code or reason may not be sent.
   */
  async disconnect(request: DisconnectRequest = {}): Promise<void> {
    checkClose(request)
    if (!this.#running) return
    this.#wish = 'stop'
    if (this.#live !== undefined) this.#setState('closing')
    this.#interrupt(request)
    await this.done
  }

  /** Starts an attempt now: ends the wait for it, drops the live one, or revives a connection that has ended. */
  reconnect(): void {
    if (this.#wish === 'stop' && this.#running) return
    this.#wish = 'restart'
    if (this.#running) {
      this.#interrupt({ reason: 'reconnecting' })
      return
    }
    this.#done = this.#promiseEnd()
    void this.#supervise()
  }

  /** Sends over the open connection. Throws a `Failure`: `NOT_OPEN`, `CANNOT_SEND`, or the transport's own. */
  send(message: OutboundMessage): void {
    if (!this.#canSend())
      throw new Failure('CANNOT_SEND', `${this.#transportName} only receives; connect by WebSocket to send.`)
    if (this.#state !== 'open' || this.#live === undefined)
      throw new Failure(
        'NOT_OPEN',
        `The connection is ${this.#state}, so nothing can be sent; wait until it is open or reconnect.`,
      )
    this.#live.use((transport) => transport.send(message))
  }

  /** Stops reading from the peer until `resume`, over reconnects too. */
  pause(): void {
    this.#setStalled(true)
  }

  resume(): void {
    this.#setStalled(false)
  }

  status(): ConnectionStatus {
    return {
      id: this.id,
      url: maskUrl(this.spec.url),
      transport: this.#transportName,
      state: this.#state,
      since: this.#since,
      openedAt: this.#tally.openedAt,
      ...this.#tally.counts,
      rate: this.#tally.rate(this.#host.clock.now()),
      retry: this.#retry,
      heldSince: this.#tally.heldSince,
      error: this.#state === 'failed' && this.#lastError ? maskText(this.#lastError.message) : undefined,
      errorCode: this.#state === 'failed' ? this.#lastError?.code : undefined,
      canSend: this.#canSend(),
      stalled: this.#stalled,
    }
  }

  #promiseEnd(): Promise<Outcome> {
    return new Promise((resolve) => {
      this.#settle = resolve
    })
  }

  #canSend(): boolean {
    return traitsOf(this.#transportName)?.sends === true
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
    this.#live?.use((transport) => (stalled ? transport.pause() : transport.resume()))
    this.#host.changed(this)
  }

  #interrupt(request: DisconnectRequest): void {
    this.#live?.abort(request)
    this.#waitControl?.abort()
  }

  #emit(event: RealtimeEvent): void {
    this.#tally.add(event)
    this.#host.append(event)
  }

  #emitError(code: string, message: string): void {
    this.#lastError = { code, message }
    this.#emit({ type: 'error', connection: this.id, time: this.#host.clock.now(), code, message })
  }

  async #supervise(): Promise<void> {
    this.#running = true
    const outcome = await this.#runAttempts().catch((thrown: unknown): Outcome => {
      // What takes the events threw, so it cannot be told of this: the state says it.
      const message = this.#brokenInside(sentenceOf(thrown))
      this.#live = undefined
      this.#lastError = { code: 'INTERNAL', message }
      return { end: 'failed', reason: message }
    })
    this.#running = false
    this.#retry = undefined
    this.#wish = 'run'
    if (outcome.end === 'failed') this.#lastError ??= { code: 'LOST', message: outcome.reason }
    this.#settle(outcome)
    this.#setState(outcome.end === 'done' ? 'closed' : 'failed')
  }

  async #runAttempts(): Promise<Outcome> {
    const policy = this.spec.reconnect ?? 'backoff'
    const start = startBackoff(policy, { maxAttempts: this.spec.maxAttempts, random: this.#host.random })
    let backoff: Backoff = start
    let tries = 0
    if (this.#wish === 'restart') this.#announce('asked for', 0)
    for (;;) {
      this.#wish = 'run'
      const report = await this.#runAttempt()
      const { outcome } = report
      if (this.#wants('stop')) return { end: 'done', reason: outcome.reason }
      if (this.#isStable(report)) {
        this.#attempt = 0
        backoff = start
      } else if (report.received) {
        // A server that brings something each time is worth a quick return; only the user's own limit counts on.
        backoff = this.spec.maxAttempts === undefined ? start : backoff.eased()
      }
      if (this.#wants('restart')) {
        backoff = start
        this.#announce('asked for', 0)
        continue
      }
      const end = this.#finalEnd(report)
      if (end !== undefined) return end

      const retry = backoff.next()
      if (retry === undefined) return this.#giveUp(outcome, tries)
      tries = retry.attempt
      backoff = retry
      await this.#wait(outcome.reason, this.#delay(retry.delay, report.openedAt !== undefined))
      if (this.#wants('stop')) {
        const time = this.#host.clock.now()
        this.#emit({
          type: 'close',
          connection: this.id,
          time,
          by: 'client',
          reason: 'reconnecting was stopped',
        })
        return { end: 'done', reason: 'disconnected while waiting to reconnect' }
      }
    }
  }

  #isStable({ openedAt }: AttemptReport): boolean {
    return openedAt !== undefined && this.#host.clock.now() - openedAt >= STABLE_AFTER
  }

  /** A method, for what changes while an attempt is awaited. */
  #wants(wish: 'stop' | 'restart'): boolean {
    return this.#wish === wish
  }

  /** How the connection ends with this attempt; undefined where another attempt is worth it. */
  #finalEnd({ outcome, broken }: AttemptReport): Outcome | undefined {
    if (outcome.end === 'done') return outcome
    const ended = `The connection to ${maskUrl(this.spec.url)} ended: ${outcome.reason}; reconnect to go on.`
    const failed: Outcome = { end: 'failed', reason: this.#lastError?.message ?? ended }
    if (outcome.end === 'failed') return failed
    const explicit = this.spec.reconnect !== undefined
    if (this.spec.reconnect === 'never') return broken ? failed : { ...outcome, end: 'done' }
    return this.#tally.openedAt === undefined && !explicit ? failed : undefined
  }

  #giveUp(outcome: Outcome, tries: number): Outcome {
    const reason = `Gave up on ${maskUrl(this.spec.url)} after ${tries} ${tries === 1 ? 'attempt' : 'attempts'} (${outcome.reason}); check the server, then reconnect.`
    this.#emitError('GAVE_UP', reason)
    return { end: 'failed', reason }
  }

  /**
   * HTML standard, 9.2.3: wait the reconnection time, and some more where the previous attempt failed. What a refusal
   * says goes before it (RFC 9110 section 10.2.3).
   */
  #delay(backoff: number, wasOpen: boolean): number {
    const { retry, retryAfter = retry } = this.#resume
    this.#resume.retryAfter = undefined
    if (retryAfter === undefined || (this.spec.reconnect ?? 'backoff') !== 'backoff') return backoff
    return Math.min(retryAfter + (wasOpen ? 0 : backoff), MAX_TIMER_DELAY)
  }

  /** Counts the next attempt and tells of it. */
  #announce(reason: string, delayMs: number): void {
    this.#attempt++
    const time = this.#host.clock.now()
    const { lastEventId, cursor } = this.#resume
    this.#retry = { attempt: this.#attempt, at: time + delayMs, reason: maskText(reason) }
    this.#emit({
      type: 'reconnect',
      connection: this.id,
      time,
      attempt: this.#attempt,
      delay: delayMs,
      reason,
      ...(lastEventId !== '' && (isTold(this.#resume, lastEventId) ? { sameId: true } : { lastEventId })),
      ...(cursor !== undefined && { cursor }),
    })
  }

  async #wait(reason: string, delayMs: number): Promise<void> {
    const control = new AbortController()
    this.#waitControl = control
    this.#announce(reason, delayMs)
    this.#setState('waiting')
    // Rejects only when the wait is ended early.
    await delay(delayMs, undefined, { signal: control.signal }).catch(() => {})
    this.#waitControl = undefined
  }

  async #runAttempt(): Promise<AttemptReport> {
    const transport = createTransport(this.spec)
    const live = new Attempt(transport, {
      spec: this.spec,
      network: this.#host.network(),
      clock: this.#host.clock,
      resume: this.#resume,
      emit: (event) => this.#take(event),
      ...(this.#host.appendBatch && { emitBatch: (batch) => this.#takeBatch(batch) }),
      broke: (reason, openedAt) => this.#tellBroken(reason, openedAt),
    })
    this.#live = live
    this.#retry = undefined
    this.#lastError = undefined
    this.#setState('connecting')
    this.#emit(this.#connectEvent())
    if (this.#stalled) live.use(() => transport.pause())
    const report = await live.run()
    this.#live = undefined
    return report
  }

  /** The attempt is over because something in it threw. */
  #tellBroken(reason: string, openedAt: number | undefined): void {
    this.#emitError('INTERNAL', this.#brokenInside(reason))
    if (openedAt !== undefined)
      this.#emit({ type: 'close', connection: this.id, time: this.#host.clock.now(), by: 'client' })
  }

  #brokenInside(reason: string): string {
    return `The ${this.#transportName} connection broke inside: ${reason}; reconnect, and please report it.`
  }

  #takeBatch(batch: MessageBatch): void {
    this.#tally.addBatch(batch)
    this.#host.appendBatch?.(this.id, batch)
  }

  #connectEvent(): RealtimeEvent {
    const base = {
      type: 'connect',
      connection: this.id,
      time: this.#host.clock.now(),
      attempt: this.#attempt,
      url: this.#resume.destination?.url ?? this.spec.url,
      transport: this.#transportName,
    } as const
    if (this.#attempt > 0) return base
    const { tls, ...spec } = this.spec
    if (tls === undefined) return { ...spec, ...base }
    const { key: _privateKey, ...publicTls } = tls
    return { ...spec, tls: publicTls, ...base }
  }

  /** Takes an event of the live attempt. */
  #take(event: TransportEvent): void {
    if (event.type === 'open') this.#transportName = event.transport ?? this.#transportName
    else if (event.type === 'error') this.#lastError = event
    // Not a copy, for a flood's sake: the transport has made the event to give it away.
    this.#emit(Object.assign(event, { connection: this.id }))
    if (event.type === 'open' && this.#state === 'connecting') this.#setState('open')
  }
}
