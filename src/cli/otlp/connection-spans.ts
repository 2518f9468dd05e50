/** Spans of connections, of their attempts, and of requests with their answers, at the times of the events. */
import { context, type Span, SpanKind, SpanStatusCode, type Tracer, trace } from '@opentelemetry/api'
import type { DecodedEvent } from '../../shared/decoded.ts'
import type { ConnectEvent, RealtimeEvent } from '../../shared/event.ts'

/** Connections whose spans are open. Of more, the oldest ends. */
const MAX_OPEN = 10_000

interface OpenConnection {
  readonly root: Span
  readonly hostname: string
  attempt: Span | undefined
  /** Time of its latest event. */
  last: number
  isOpen: boolean
  /** It has closed, and ends if it does not reconnect. */
  isClosed: boolean
}

export class ConnectionSpans {
  readonly #tracer: Tracer
  readonly #startedAt: number
  readonly #open = new Map<number, OpenConnection>()

  /** `startedAt`: of the session, which its times count from. */
  constructor(tracer: Tracer, startedAt: Date) {
    this.#tracer = tracer
    this.#startedAt = startedAt.getTime()
  }

  /** Takes an event whose secrets are masked, and what its message says. */
  take(event: RealtimeEvent, decoded: readonly DecodedEvent[]): void {
    if (event.type === 'connect') {
      this.#connect(event)
      return
    }
    const connection = 'connection' in event ? this.#open.get(event.connection) : undefined
    if (connection === undefined) return
    connection.last = event.time
    this.#follow(connection, event)
    for (const packet of decoded) this.#answer(connection, event, packet)
  }

  /** Ends all spans, each at the time of the latest event of its connection. */
  end(): void {
    for (const [id, { last }] of [...this.#open]) this.#end(id, last)
  }

  #connect(event: ConnectEvent): void {
    const known = this.#open.get(event.connection)
    if (known === undefined && this.#open.size >= MAX_OPEN) {
      const [oldest] = this.#open.keys()
      if (oldest !== undefined) this.#end(oldest, event.time)
    }
    const connection = known ?? this.#begin(event)
    connection.isClosed = false
    connection.last = event.time
    connection.attempt = this.#child(connection, `attempt ${event.attempt}`, event.time, {
      'realtime.attempt': event.attempt,
    })
  }

  #begin(event: ConnectEvent): OpenConnection {
    const { protocol, hostname, port } = addressOf(event.url)
    const root = this.#tracer.startSpan(`${event.transport} ${hostname}`, {
      kind: SpanKind.CLIENT,
      startTime: this.#at(event.time),
      attributes: {
        'url.full': event.url,
        'server.address': hostname,
        ...(port !== undefined && { 'server.port': port }),
        'network.protocol.name': /^wss?:$/.test(protocol) ? 'websocket' : 'http',
        'realtime.transport': event.transport,
        'realtime.connection': event.connection,
        ...(event.source !== undefined && { 'realtime.source': event.source }),
      },
    })
    const connection = {
      root,
      hostname,
      attempt: undefined,
      isClosed: false,
      isOpen: false,
      last: event.time,
    }
    this.#open.set(event.connection, connection)
    return connection
  }

  #follow(connection: OpenConnection, event: RealtimeEvent): void {
    const at = this.#at(event.time)
    switch (event.type) {
      case 'open':
        connection.isOpen = true
        // Only the response says which technique a URL of HTTP speaks.
        if (event.transport !== undefined) {
          connection.root.updateName(`${event.transport} ${connection.hostname}`)
          connection.root.setAttribute('realtime.transport', event.transport)
        }
        if (event.status !== undefined)
          connection.attempt?.setAttribute('http.response.status_code', event.status)
        connection.attempt?.addEvent('open', {}, at)
        return
      case 'error':
        connection.attempt?.setStatus({ code: SpanStatusCode.ERROR, message: event.message })
        connection.attempt?.setAttribute('error.type', event.code)
        connection.root.setStatus({ code: SpanStatusCode.ERROR, message: event.message })
        // An attempt that fails before it opens has no `close`.
        if (!connection.isOpen) this.#closed(connection, event)
        return
      case 'close':
        if (event.code !== undefined) connection.attempt?.setAttribute('realtime.close.code', event.code)
        connection.attempt?.setAttribute('realtime.closed.by', event.by ?? 'unknown')
        if (event.by === 'network')
          connection.attempt?.setStatus({ code: SpanStatusCode.ERROR, message: 'The connection was lost.' })
        this.#closed(connection, event)
        return
      case 'reconnect':
        connection.isClosed = false
        this.#endAttempt(connection, event.time)
        connection.root.addEvent(
          'reconnect',
          { 'realtime.reason': event.reason, 'realtime.delay': event.delay },
          at,
        )
    }
  }

  #closed(connection: OpenConnection, event: RealtimeEvent & { readonly connection: number }): void {
    this.#endAttempt(connection, event.time)
    connection.isOpen = false
    connection.isClosed = true
    // A reconnect follows at once, if one does.
    setImmediate(() => {
      if (connection.isClosed) this.#end(event.connection, event.time, connection)
    })
  }

  /** A request and its first answer. The time between is the decoder's. */
  #answer(connection: OpenConnection, { time }: RealtimeEvent, packet: DecodedEvent): void {
    const { answers, latency, protocol, name, kind } = packet
    if (answers === undefined || latency === undefined) return
    const span = this.#child(connection, name ?? protocol, time - latency, {
      'rpc.system': protocol,
      ...(name !== undefined && { 'rpc.method': name }),
      'realtime.request': answers,
    })
    if (kind === 'error') span.setStatus({ code: SpanStatusCode.ERROR })
    span.end(this.#at(time))
  }

  #child(
    { root }: OpenConnection,
    name: string,
    time: number,
    attributes: Record<string, string | number>,
  ): Span {
    const options = { kind: SpanKind.CLIENT, startTime: this.#at(time), attributes }
    return this.#tracer.startSpan(name, options, trace.setSpan(context.active(), root))
  }

  #endAttempt(connection: OpenConnection, time: number): void {
    connection.attempt?.end(this.#at(time))
    connection.attempt = undefined
  }

  #end(id: number, time: number, expected = this.#open.get(id)): void {
    if (expected === undefined || this.#open.get(id) !== expected) return
    this.#open.delete(id)
    this.#endAttempt(expected, time)
    expected.root.end(this.#at(time))
  }

  /** Milliseconds since 1970. */
  #at(time: number): number {
    return this.#startedAt + time
  }
}

function addressOf(url: string): { protocol: string; hostname: string; port: number | undefined } {
  if (!URL.canParse(url)) return { protocol: '', hostname: 'unknown', port: undefined }
  const { protocol, hostname, port } = new URL(url)
  return { protocol, hostname, port: port === '' ? undefined : Number(port) }
}
