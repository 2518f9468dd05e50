/** A connection that another program opened, and that a proxy or a debugger sees. */
import type { Clock } from '../../shared/clock.ts'
import type { CloseEvent, EndedBy, RealtimeEvent, TransportEvent } from '../../shared/event.ts'
import { Failure } from '../../shared/failure.ts'
import type { MessageBatch } from '../../shared/message-batch.ts'
import { maskText, maskUrl } from '../../shared/secrets.ts'
import type { ConnectionSpec, OutboundMessage } from '../../shared/spec.ts'
import type { ConnectionState, ConnectionStatus } from '../../shared/status.ts'
import type { SeenControl, SeenStart } from '../../shared/traffic.ts'
import type { TransportName } from '../../shared/transports.ts'
import type { LiveConnection } from '../../transport/live-connection.ts'
import { TrafficCounter } from '../../transport/traffic-counter.ts'
import { newResumeState, type Outcome } from '../../transport/transport.ts'

export interface SeenConnectionHost {
  append(event: RealtimeEvent): void
  appendBatch(connection: number, batch: MessageBatch): void
  changed(connection: SeenConnection): void
  readonly clock: Clock
}

/** What a program opens, and what can be done with it. */
export interface SeenBeginning {
  readonly start: SeenStart
  readonly transport: TransportName
  readonly control: SeenControl
  /** Bytes of the largest message that is recorded. */
  readonly maxMessageSize?: number | undefined
}

/** How a connection ended last. */
export interface SeenEnding {
  /** On the host's clock. */
  readonly time: number
  readonly by: EndedBy | undefined
  readonly reason: string
  /** The peer had nothing more to send: the response was complete, or said so. */
  readonly isComplete?: boolean
}

export class SeenConnection implements LiveConnection {
  readonly id: number
  readonly start: SeenStart
  readonly spec: ConnectionSpec
  /** With secrets masked. */
  readonly #shownUrl: string
  /** Bytes of the largest message that is recorded. It is ours, not the program's. */
  readonly maxMessageSize: number | undefined
  /** Not ours. */
  readonly socket = undefined
  /** What its last attempt left for the next one. */
  readonly resumeState = newResumeState()
  readonly #host: SeenConnectionHost
  readonly traffic = new TrafficCounter()
  #transport: TransportName
  #lastUrl: string
  #state: ConnectionState = 'connecting'
  #since: number
  #attempt = 0
  #control: SeenControl
  /** What was paused, which may be over, but is paused together with others of its source. */
  readonly #paused = new Set<SeenControl>()
  #stalled = false
  #lastError: { readonly code: string; readonly message: string } | undefined
  #ending: SeenEnding | undefined
  #done: Promise<Outcome>
  #settle: (outcome: Outcome) => void = () => {}

  constructor(
    id: number,
    { start, transport, control, maxMessageSize }: SeenBeginning,
    host: SeenConnectionHost,
  ) {
    const { url, method, headers, body, subprotocols } = start
    this.id = id
    this.start = start
    this.maxMessageSize = maxMessageSize
    this.spec = {
      ...{ url, transport },
      ...(method !== undefined && { method }),
      ...(headers !== undefined && { headers }),
      ...(body !== undefined && { body }),
      ...(subprotocols !== undefined && { subprotocols }),
    }
    this.#host = host
    this.#transport = transport
    this.#lastUrl = url
    this.#shownUrl = maskUrl(url)
    this.#control = control
    this.#since = start.time
    this.#done = this.#untilSettled()
  }

  get done(): Promise<Outcome> {
    return this.#done
  }

  get clock(): Clock {
    return this.#host.clock
  }

  /** The URL of the latest attempt. */
  get lastUrl(): string {
    return this.#lastUrl
  }

  get transport(): TransportName {
    return this.#transport
  }

  /** How it ended last; undefined while it has not. */
  get ending(): SeenEnding | undefined {
    return this.#ending
  }

  /** Reports the first attempt. Call once. */
  begin(): void {
    const { source, time, initiator } = this.start
    this.#emit({
      ...{ type: 'connect', connection: this.id, time },
      ...{ ...this.spec, transport: this.#transport, attempt: 0, source },
      ...(initiator !== undefined && { initiator }),
    })
    this.#host.changed(this)
  }

  /** The program opens it again, by `start`, after it ended. */
  beginAgain(start: SeenStart, control: SeenControl): void {
    const { time, initiator, source, url } = start
    const { reason, time: endedAt } = this.#ending ?? { reason: '', time }
    this.#attempt++
    this.#lastUrl = url
    this.#control = control
    this.#ending = undefined
    this.#lastError = undefined
    if (this.#state === 'closed' || this.#state === 'failed') this.#done = this.#untilSettled()
    const lastEventId = lastEventIdOf(start)
    this.#emit({
      ...{ type: 'reconnect', connection: this.id, time, attempt: this.#attempt },
      ...{ delay: Math.max(0, time - endedAt), reason },
      ...(lastEventId !== undefined && { lastEventId }),
    })
    this.#emit({
      ...{ type: 'connect', connection: this.id, time, url, transport: this.#transport },
      ...{ attempt: this.#attempt, source },
      ...(initiator !== undefined && { initiator }),
    })
    this.#setState('connecting')
    if (this.#stalled) this.#pauseSource()
  }

  emit(event: TransportEvent): void {
    if (this.#ending !== undefined) return
    if (event.type === 'open') this.#transport = event.transport ?? this.#transport
    else if (event.type === 'error') this.#lastError = event
    this.#emit({ ...event, connection: this.id })
    if (event.type === 'open') this.#setState('open')
    else if (event.type === 'close') this.#ended(event)
  }

  emitBatch(batch: MessageBatch): void {
    if (this.#ending !== undefined) return
    this.traffic.addBatch(batch)
    this.#host.appendBatch(this.id, batch)
  }

  /** What can be done with it from now on. */
  setControl(control: SeenControl): void {
    this.#control = control
    if (this.#stalled) this.#pauseSource()
    this.#host.changed(this)
  }

  /** The attempt is over, at a time of the host's clock, with or without a `close`. */
  finish({ end, reason }: Outcome, time: number): void {
    if (this.#ending === undefined) this.#ended({ type: 'close', time, reason })
    if (this.#ending !== undefined && end === 'done') this.#ending = { ...this.#ending, isComplete: true }
  }

  async disconnect(): Promise<void> {
    if (this.#ending !== undefined) return
    if (this.#control.disconnect === undefined)
      throw new Failure(
        'NOT_OURS',
        'This connection belongs to a program that is only looked at; end it in the program.',
      )
    this.#control.disconnect()
    await this.#done
  }

  reconnect(): void {
    throw new Failure(
      'NOT_OURS',
      'Another program opened this connection; only that program can open it again.',
    )
  }

  send(message: OutboundMessage): void {
    if (this.#control.send === undefined)
      throw new Failure(
        'NOT_OURS',
        'Nothing can be sent on this connection, because it belongs to another program.',
      )
    this.#control.send(message)
  }

  fail(failure: Failure): void {
    this.emit({ type: 'error', time: this.#host.clock.now(), code: failure.code, message: failure.message })
    this.#control.disconnect?.()
  }

  pause(): void {
    this.#stalled = true
    this.#pauseSource()
    this.#host.changed(this)
  }

  resume(): void {
    this.#stalled = false
    const paused = [...this.#paused]
    this.#paused.clear()
    for (const control of paused) control.resume?.()
    this.#host.changed(this)
  }

  status(): ConnectionStatus {
    const { source, through, initiator } = this.start
    const error = this.#state === 'failed' ? this.#lastError : undefined
    return {
      id: this.id,
      url: this.#shownUrl,
      transport: this.#transport,
      state: this.#state,
      since: this.#since,
      openedAt: this.traffic.openedAt,
      ...this.traffic.counts,
      rate: this.traffic.rate(this.#host.clock.now()),
      retry: undefined,
      heldSince: this.traffic.heldSince,
      error: error && maskText(error.message),
      errorCode: error?.code,
      canSend: this.#state === 'open' && this.#control.send !== undefined,
      stalled: this.#stalled,
      source,
      through,
      initiator,
    }
  }

  #ended({ time, by, code, reason }: Omit<CloseEvent, 'connection'>): void {
    const phrase = reason || (code === undefined ? closedBy(by) : `closed with ${code}`)
    this.#ending = { time, by, reason: this.#lastError?.message ?? phrase }
    const hasFailed = this.#lastError !== undefined && this.#state === 'connecting'
    this.#settle(hasFailed ? { end: 'failed', reason: this.#ending.reason } : { end: 'done', reason: phrase })
    this.#setState(hasFailed ? 'failed' : 'closed')
  }

  #pauseSource(): void {
    this.#paused.add(this.#control)
    this.#control.pause?.()
  }

  #setState(state: ConnectionState): void {
    this.#state = state
    this.#since = this.#host.clock.now()
    this.#host.changed(this)
  }

  #emit(event: RealtimeEvent): void {
    this.traffic.add(event)
    this.#host.append(event)
  }

  #untilSettled(): Promise<Outcome> {
    return new Promise((resolve) => {
      this.#settle = resolve
    })
  }
}

function closedBy(by: EndedBy | undefined): string {
  return by === undefined ? 'closed' : `closed by the ${by}`
}

/** The `Last-Event-ID` of a request; undefined if it has none. */
export function lastEventIdOf({ headers = {} }: SeenStart): string | undefined {
  const [, value] = Object.entries(headers).find(([name]) => name.toLowerCase() === 'last-event-id') ?? []
  return typeof value === 'string' ? value : undefined
}
