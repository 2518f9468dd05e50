import { connect } from 'node:net'
import { buffer } from 'node:stream/consumers'
import type { Headers, MessageEvent, RealtimeEvent } from '../../../src/shared/event.ts'
import type { TransportName } from '../../../src/shared/transports.ts'
import { message } from '../../support/recording.ts'

export function stream(
  transport: TransportName,
  headers: Headers,
  fields: { time?: number; attempt?: number; url?: string; framing?: string; status?: number } = {},
): RealtimeEvent[] {
  const { time = 0, attempt = 0, url = 'http://h/events', framing, status = 200 } = fields
  return [
    { type: 'connect', connection: 1, time, transport, url, attempt },
    {
      type: 'open',
      connection: 1,
      time: time + 1,
      transport,
      status,
      headers,
      httpVersion: '1.1',
      ...(framing !== undefined && { framing }),
    },
  ]
}

export const EVENT_STREAM = { 'content-type': 'text/event-stream; charset=utf-8' }

export function event(time: number, text: string, id?: string, type = 'message'): MessageEvent {
  return message(time, text, { event: type, ...(id !== undefined && { id }) })
}

export function ended(time: number, by: 'server' | 'network' = 'server'): RealtimeEvent {
  return { type: 'close', connection: 1, time, by }
}

export async function body(url: string, headers: Record<string, string> = {}): Promise<string> {
  const response = await fetch(url, { headers: { accept: 'text/event-stream', ...headers } })
  return await response.text()
}

/** The head of a response, and its chunks on the wire (RFC 9112 section 7.1). */
export async function chunks(url: string): Promise<{ head: string; texts: string[] }> {
  const { port, pathname } = new URL(url)
  const socket = connect(Number(port), '127.0.0.1')
  socket.write(`GET ${pathname} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`)
  const wire = (await buffer(socket)).toString('latin1')
  const bodyAt = wire.indexOf('\r\n\r\n') + 4
  const texts: string[] = []
  for (let at = bodyAt; at < wire.length; ) {
    const sizeEnd = wire.indexOf('\r\n', at)
    const size = Number.parseInt(wire.slice(at, sizeEnd), 16)
    if (size === 0) break
    texts.push(wire.slice(sizeEnd + 2, sizeEnd + 2 + size))
    at = sizeEnd + 2 + size + 2
  }
  return { head: wire.slice(0, bodyAt), texts }
}
