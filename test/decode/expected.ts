/** Runs decoders over recordings, as the terminal does. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import type { Decoder } from '../../src/decode/decoder.ts'
import { SessionDecoder, type SessionDecoderOptions } from '../../src/decode/session-decoder.ts'
import { readHar } from '../../src/session/formats/har/read-har.ts'
import { parseLine } from '../../src/session/parse-line.ts'
import type { DecodedEvent } from '../../src/shared/decoded.ts'
import type { RealtimeEvent } from '../../src/shared/event.ts'

/** A decoded event, with the line of its event in the file: line 1 is that of the session. */
export type DecodedLine = DecodedEvent & { readonly line: number }

/** The events of a session file or a HAR. */
export async function eventsOf(path: string): Promise<RealtimeEvent[]> {
  if (path.endsWith('.har')) {
    const events: RealtimeEvent[] = []
    for await (const batch of (await readHar(path)).events()) events.push(...batch)
    return events
  }
  const lines = readFileSync(path, 'utf8').split('\n').slice(1)
  return lines.flatMap((line) => (line === '' ? [] : (parseLine(line) ?? [])))
}

/** What the decoders make of a recording, and the decoder of each of its connections with the reason. */
export async function decodeRecording(path: string, options: SessionDecoderOptions = {}) {
  const session = new SessionDecoder(options)
  await session.loadAll()
  const decoded: DecodedLine[] = []
  const connections = new Set<number>()
  for (const [number, event] of (await eventsOf(path)).entries()) {
    if ('connection' in event) connections.add(event.connection)
    for (const each of session.decode(number, event) ?? []) decoded.push({ line: number + 2, ...each })
  }
  return { decoded, session, connections: [...connections] }
}

/**
 * What `decoder` makes of a recording, on the connections that it recognizes or on all of them. Fails if it gives up one of
 * them.
 */
export async function decodeFile(decoder: Decoder, path: string, all = false): Promise<DecodedLine[]> {
  const choice = all ? { choiceFor: () => ({ decoder: decoder.name }) } : {}
  const { decoded, session, connections } = await decodeRecording(path, { decoders: [decoder], ...choice })
  for (const connection of connections) assert.equal(session.problemOf(connection), undefined)
  return decoded
}
