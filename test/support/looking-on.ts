/** Looks on the HTTP traffic of real clients and servers: a server that passes each request on and reports it. */
import { type IncomingMessage, request, type ServerResponse } from 'node:http'
import { Hub } from '../../src/engine/hub.ts'
import { SeenConnections } from '../../src/engine/traffic/seen-connections.ts'
import { startClock } from '../../src/shared/clock.ts'
import type { RealtimeEvent } from '../../src/shared/event.ts'
import type { SeenStart, TrafficHost } from '../../src/shared/traffic.ts'
import { serveHttp } from './loopback.ts'

export interface Session {
  readonly hub: Hub
  readonly host: TrafficHost
  readonly events: RealtimeEvent[]
  /** The events of a type. */
  of<T extends RealtimeEvent['type']>(type: T): Extract<RealtimeEvent, { type: T }>[]
  /** The sink is full after the events to come, until the returned function is called. */
  fill(): () => void
  /** The source of all connections has ended. */
  sourceEnded(reason: string): void
  /** The texts of the messages. */
  texts(): string[]
}

/** A session without connections. */
export function startSession(clock = startClock()): Session {
  const events: RealtimeEvent[] = []
  let hasRoom = true
  let onWritable = () => {}
  const keep = (event: RealtimeEvent) => {
    events.push('payload' in event ? { ...event, payload: event.payload.slice() } : event)
    return hasRoom
  }
  const sink = {
    append: keep,
    onWritable(callback: () => void) {
      onWritable = callback
    },
  }
  const fill = () => {
    hasRoom = false
    return () => {
      hasRoom = true
      onWritable()
    }
  }
  const hub = new Hub({ clock, sink, network: { noProxy: '*' } })
  const of = <T extends RealtimeEvent['type']>(type: T) =>
    events.filter((event): event is Extract<RealtimeEvent, { type: T }> => event.type === type)
  const texts = () => of('message').map(({ payload }) => Buffer.from(payload).toString())
  const host = new SeenConnections(hub)
  return { hub, host, events, of, texts, fill, sourceEnded: (reason) => host.sourceEnded(1, reason) }
}

/** Passes requests on to `target` and reports them. Resolves to the URL for clients. */
export function lookOn({ host, hub }: Session, target: string, program = 'app'): Promise<string> {
  return serveHttp((incoming, outgoing) => {
    void pass(incoming, outgoing)
  })

  async function pass(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const now = () => hub.clock.now()
    const url = new URL(incoming.url ?? '/', target)
    const time = now()
    const body = Buffer.concat(await incoming.toArray())
    const start: SeenStart = {
      ...{ source: 'proxy', through: 1, program, time, url: url.href, method: incoming.method ?? 'GET' },
      headers: incoming.headers as Record<string, string>,
      ...(body.length > 0 && { body: body.toString() }),
    }
    const toServer = request(url, { method: incoming.method, headers: incoming.headers })
    const exchange = host.exchange(start, {
      disconnect: () => {
        toServer.destroy()
        outgoing.destroy()
        exchange.fail({ time: now(), by: 'client' })
      },
      pause: () => toServer.emit('pausing'),
      resume: () => toServer.emit('resuming'),
    })
    toServer.on('response', (response) => {
      const { statusCode = 0, headers, httpVersion } = response
      exchange.response({
        time: now(),
        status: statusCode,
        headers: headers as Record<string, string>,
        httpVersion,
      })
      outgoing.writeHead(statusCode, headers)
      outgoing.flushHeaders()
      toServer.on('pausing', () => response.pause())
      toServer.on('resuming', () => response.resume())
      response.on('data', (bytes: Buffer) => {
        exchange.data({ time: now(), bytes, ...(headers['content-length'] && { wireSize: bytes.length }) })
        outgoing.write(bytes)
      })
      response.on('end', () => {
        outgoing.end()
        exchange.end({ time: now() })
      })
      response.on('error', ({ message }) => {
        outgoing.destroy()
        exchange.fail({
          time: now(),
          by: 'network',
          error: { code: 'CUT', message: `Reading failed: ${message}.` },
        })
      })
    })
    toServer.on('error', ({ message }) => {
      outgoing.destroy()
      exchange.fail({
        time: now(),
        by: 'network',
        error: { code: 'ECONNREFUSED', message: `No response: ${message}.` },
      })
    })
    outgoing.on('close', () => {
      if (outgoing.writableFinished) return
      exchange.fail({ time: now(), by: 'client' })
      toServer.destroy()
    })
    toServer.end(body)
  }
}
