/** What a search reads of an event. */
import { hasPayload } from '../../shared/columns.ts'
import type { RealtimeEvent } from '../../shared/event.ts'
import { previewEvent } from '../preview.ts'
import type { Log } from '../recording.ts'

/** The payload as text, or what a lifecycle event says, secrets masked; undefined where the payload was dropped. */
export function eventText(capture: Log, index: number): string | undefined {
  if (capture.text !== undefined && hasPayload(capture.row(index).kind)) return capture.text(index)
  return textOf(capture.peek(index))
}

/** The same of an event at hand. */
export function textOf(event: RealtimeEvent): string | undefined {
  if (!('payload' in event)) return previewEvent(event)
  if (event.dropped !== undefined) return undefined
  const { buffer, byteOffset, byteLength } = event.payload
  return Buffer.from(buffer, byteOffset, byteLength).toString()
}

/** The document in a payload; undefined where there is none, which is an answer here and not a failure. */
export function parseJson(text: string | undefined): unknown {
  const first = text?.trimStart().charAt(0)
  if (text === undefined || first === undefined || !/[[{"\-0-9tfn]/.test(first)) return undefined
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
