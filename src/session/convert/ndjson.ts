/** Messages as one JSON object a line, for jq and its like; a payload that is JSON is part of the line's JSON. */
import { isUtf8 } from 'node:buffer'
import type { MessageEvent } from '../../shared/event.ts'
import type { Recording } from '../recording.ts'
import type { TextSink } from './text-file.ts'

/** Writes one line for each message. */
export async function writeNdjson(recording: Recording, out: TextSink): Promise<void> {
  for await (const events of recording.events())
    for (const event of events) if (event.type === 'message') await out.write(`${formatMessage(event)}\n`)
}

/** `encoding` says what `data` is: the payload's own JSON, its text, or its bytes in base64. */
export function formatMessage(message: MessageEvent): string {
  const { time, connection, direction, event, id, payload, dropped } = message
  const head = JSON.stringify({ time, connection, direction, event, id }).slice(0, -1)
  if (dropped !== undefined) return `${head},"encoding":"none","size":${dropped},"data":null}`
  const bytes = Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength)
  if (!isUtf8(bytes)) return `${head},"encoding":"base64","data":"${bytes.toString('base64')}"}`
  const text = bytes.toString()
  // As it was written, so that no digit of a long number is lost. Line ends in JSON are white space only.
  if (isJson(text)) return `${head},"encoding":"json","data":${text.replaceAll(/[\r\n]+/g, ' ')}}`
  return `${head},"encoding":"text","data":${JSON.stringify(text)}}`
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    // A text then.
    return false
  }
}
