/** Session files and HARs for tests. */
import { createWriteStream, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { formatHeader, formatLine } from '../../src/session/line.ts'
import { SessionWriter, type SessionWriterOptions } from '../../src/session/session-writer.ts'
import type { RealtimeEvent } from '../../src/shared/event.ts'
import { STARTED_AT } from './recording.ts'

/** A session writer to a new file. */
export function writerTo(path: string, options: Omit<SessionWriterOptions, 'endStream'>): SessionWriter {
  return new SessionWriter(createWriteStream(path), { ...options, endStream: true })
}

/** The lines of a session file without masks: its header, then the events. */
export function sessionLines(events: readonly RealtimeEvent[]): string[] {
  return [formatHeader(STARTED_AT, 'test'), ...events.map((event) => formatLine(event))]
}

/** Writes a session file and returns its path. */
export function writeSession(folder: string, name: string, events: readonly RealtimeEvent[]): string {
  const file = join(folder, name)
  writeFileSync(file, `${sessionLines(events).join('\n')}\n`)
  return file
}

/** Writes a HAR like Chrome's, with a page and a WebSocket that got a greeting, sent `hi` and got two bytes. Returns its path. */
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
  const file = join(folder, name)
  const log = { version: '1.2', creator: { name: 'WebInspector', version: '1' }, entries: [page, socket] }
  writeFileSync(file, JSON.stringify({ log }))
  return file
}
