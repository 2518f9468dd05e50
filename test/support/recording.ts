/** Sessions written by hand, as recordings and as files. */
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { formatHeader, formatLine } from '../../src/session/line.ts'
import type { Recording } from '../../src/session/recording.ts'
import type { MessageEvent, RealtimeEvent } from '../../src/shared/event.ts'

export const STARTED_AT = new Date('2026-11-23T05:00:00.000Z')

export function recordingOf(events: readonly RealtimeEvent[]): Recording {
  return {
    startedAt: STARTED_AT,
    generator: 'test',
    problems: [],
    async *events() {
      for (let from = 0; from < events.length; from += 1000) yield events.slice(from, from + 1000)
    },
  }
}

/** Writes a session file, nothing masked; returns its path. */
export function writeSession(folder: string, name: string, events: readonly RealtimeEvent[]): string {
  const file = path.join(folder, name)
  const lines = [formatHeader(STARTED_AT, 'test'), ...events.map((event) => formatLine(event))]
  writeFileSync(file, `${lines.join('\n')}\n`)
  return file
}

/** Writes a HAR as Chrome does, of a page and of a WebSocket that was greeted, sent `hi` and got two bytes; returns its path. */
export function writeHar(folder: string, name = 'page.har'): string {
  const request = { method: 'GET', httpVersion: 'HTTP/1.1', headers: [] }
  const response = { httpVersion: 'HTTP/1.1', headers: [] }
  const page = {
    ...{ startedDateTime: '2026-11-23T04:59:59.000Z', time: 5, _resourceType: 'document' },
    request: { ...request, url: 'http://chat.example/' },
    response: { ...response, status: 200, content: { mimeType: 'text/html', text: '<p>' } },
    timings: { send: 0, wait: 1, receive: 0 },
  }
  const socket = {
    ...{ startedDateTime: '2026-11-23T05:00:00.000Z', time: 5, _resourceType: 'websocket' },
    request: { ...request, url: 'ws://chat.example/room?token=hunter2' },
    response: { ...response, status: 101, content: { mimeType: '' } },
    timings: { send: 0, wait: 1, receive: 0 },
    _webSocketMessages: [
      { type: 'receive', time: 1795410000.02, opcode: 1, data: 'hello' },
      { type: 'send', time: 1795410000.03, opcode: 1, data: 'hi' },
      { type: 'receive', time: 1795410000.04, opcode: 2, data: '/wA=' },
    ],
  }
  const file = path.join(folder, name)
  const log = { version: '1.2', creator: { name: 'WebInspector', version: '1' }, entries: [page, socket] }
  writeFileSync(file, JSON.stringify({ log }))
  return file
}

/** A WebSocket connection's beginning. */
export function opened(connection = 1, time = 0, url = 'ws://localhost:8080/feed'): RealtimeEvent[] {
  return [
    { type: 'connect', connection, time, transport: 'websocket', url, attempt: 0 },
    {
      type: 'open',
      connection,
      time: time + 1,
      transport: 'websocket',
      status: 101,
      headers: { upgrade: 'websocket' },
      httpVersion: '1.1',
    },
  ]
}

/** A message; what is no string and no bytes is sent as JSON. */
export function message(
  time: number,
  content: unknown,
  fields: Partial<Omit<MessageEvent, 'type' | 'time' | 'payload'>> = {},
): MessageEvent {
  const binary = content instanceof Uint8Array
  return {
    type: 'message',
    connection: 1,
    direction: 'in',
    opcode: binary ? 'binary' : 'text',
    ...fields,
    time,
    payload: binary ? content : Buffer.from(typeof content === 'string' ? content : JSON.stringify(content)),
  }
}

/** Inbound messages 10 ms apart on one open WebSocket. */
export function conversation(contents: readonly unknown[]): RealtimeEvent[] {
  return [...opened(), ...contents.map((content, index) => message(10 * (index + 1), content))]
}
