import { readFileSync } from 'node:fs'
import path from 'node:path'
import { openRecording } from '../../../src/session/open-recording.ts'
import { writeRecording } from '../../../src/session/write-recording.ts'
import type { RealtimeEvent } from '../../../src/shared/event.ts'
import { recordingOf } from '../../support/recording.ts'
import { tempDir } from '../../support/temp-dir.ts'

export type Fields = Record<string, unknown>
export type Entry = Fields & {
  readonly request: Fields
  readonly response: Fields & { readonly content: Fields }
  readonly timings: Record<string, number>
  readonly startedDateTime: string
  readonly time: number
}

export async function toHar(events: readonly RealtimeEvent[], reveal: readonly string[] = []) {
  const file = path.join(tempDir(), 'out.har')
  const { masked } = await writeRecording(recordingOf(events), file, { reveal })
  const text = readFileSync(file, 'utf8')
  const har: { log: Fields & { entries: Entry[] } } = JSON.parse(text)
  return { har, text, masked, file, entries: har.log.entries }
}

export async function allEvents(file: string): Promise<RealtimeEvent[]> {
  const events: RealtimeEvent[] = []
  for await (const batch of (await openRecording(file)).events()) events.push(...batch)
  return events
}

/** Writes a HAR and reads it back. */
export async function roundTrip(events: readonly RealtimeEvent[]): Promise<RealtimeEvent[]> {
  return allEvents((await toHar(events)).file)
}

export const sse = (time: number, data: string | Uint8Array, event: string, id: string): RealtimeEvent => ({
  type: 'message',
  connection: 2,
  time,
  direction: 'in',
  opcode: 'text',
  payload: Buffer.from(data as string),
  event,
  id,
})

export const openSse: RealtimeEvent[] = [
  {
    type: 'connect',
    connection: 2,
    time: 0.5,
    transport: 'sse',
    url: 'https://example.com/events?room=7&room=8#part',
    attempt: 0,
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-plain': ['one', 'two'] },
    body: '{"stream":true}',
  },
  {
    type: 'open',
    connection: 2,
    time: 40.25,
    transport: 'sse',
    status: 200,
    headers: { 'content-type': 'text/event-stream', vary: ['accept', 'origin'] },
    httpVersion: '1.1',
    remoteAddress: '::1',
    timing: { dns: 2, tcp: 3, tls: 5, firstByte: 20 },
  },
]

export const poll: RealtimeEvent[] = [
  { type: 'connect', connection: 3, time: 1, transport: 'long-poll', url: 'http://h/changes', attempt: 0 },
  { type: 'request', connection: 3, time: 2, url: 'http://h/changes', headers: { accept: '*/*' } },
  {
    type: 'open',
    connection: 3,
    time: 30,
    transport: 'long-poll',
    status: 200,
    headers: { 'content-type': 'application/json' },
    httpVersion: '1.1',
  },
  {
    type: 'response',
    connection: 3,
    time: 30,
    status: 200,
    headers: { 'content-type': 'application/json', etag: '"1"' },
    held: 28,
    empty: false,
  },
  { type: 'message', connection: 3, time: 31.5, direction: 'in', payload: Buffer.from('{"n":1}') },
  { type: 'request', connection: 3, time: 32, url: 'http://h/changes', headers: { 'if-none-match': '"1"' } },
  { type: 'response', connection: 3, time: 90, status: 304, headers: {}, held: 58, empty: true },
  { type: 'error', connection: 3, time: 91, code: 'ECONNRESET', message: 'The connection was reset.' },
]
