/** Session files for tests of what opens them. */
import { createWriteStream, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { formatHeader, formatLine } from '../../src/session/line.ts'
import { SessionWriter, type SessionWriterOptions } from '../../src/session/writer.ts'
import type { RealtimeEvent } from '../../src/shared/event.ts'
import { tempDir } from './temp-dir.ts'

const STARTED_AT = new Date('2026-11-23T05:00:00.000Z')

/** A session writer to a file, made anew. */
export function writerTo(path: string, options: Omit<SessionWriterOptions, 'endStream'>): SessionWriter {
  return new SessionWriter(createWriteStream(path), { ...options, endStream: true })
}

/** The lines of a session file: its header, then the events. */
export function sessionLines(events: readonly RealtimeEvent[]): string[] {
  return [formatHeader(STARTED_AT, 'test'), ...events.map((event) => formatLine(event))]
}

/** Writes a session file into a temporary folder; returns its path. */
export function writeSession(events: readonly RealtimeEvent[], name = 'traffic.rtsession'): string {
  const path = join(tempDir(), name)
  writeFileSync(path, `${sessionLines(events).join('\n')}\n`)
  return path
}

export const textMessage = (
  connection: number,
  time: number,
  text: string,
  direction: 'in' | 'out' = 'in',
): RealtimeEvent => ({
  ...{ type: 'message', connection, time, direction, opcode: 'text' },
  payload: Buffer.from(text),
})

/**
 * Two connections: a WebSocket that opens at 50 ms and brings a message every 100 ms until it is closed in the
 * end, and an event stream that breaks at half-time and is never there again.
 */
export function twoConnections(messages = 40): RealtimeEvent[] {
  const end = 100 * (messages + 1)
  const headers = {}
  const events: RealtimeEvent[] = [
    { type: 'connect', connection: 1, time: 0, transport: 'websocket', url: 'ws://h/feed', attempt: 0 },
    {
      ...{ type: 'open', connection: 1, time: 50, transport: 'websocket', status: 101, headers },
      httpVersion: '1.1',
    },
    { type: 'connect', connection: 2, time: 60, transport: 'sse', url: 'http://h/news', attempt: 0 },
    {
      ...{ type: 'open', connection: 2, time: 70, transport: 'sse', status: 200, headers },
      httpVersion: '1.1',
    },
    ...Array.from({ length: messages }, (_, i) =>
      textMessage(1, 100 * (i + 1), `{"type":"tick","n":${i}}`, i % 8 === 7 ? 'out' : 'in'),
    ),
    { type: 'error', connection: 2, time: end / 2, code: 'ECONNRESET', message: 'The connection was reset.' },
    { type: 'reconnect', connection: 2, time: end / 2, attempt: 1, delay: 60_000, reason: 'reset' },
    { type: 'close', connection: 1, time: end, code: 1000, by: 'server' },
  ]
  return events.toSorted((a, b) => a.time - b.time)
}
