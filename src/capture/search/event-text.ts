/** The text of an event that a search looks at. */
import { hasPayload } from '../../shared/columns.ts'
import type { RealtimeEvent } from '../../shared/event.ts'
import { previewEvent } from '../preview.ts'
import type { Log } from '../recording.ts'

/** The payload as text, or the masked sentence of a lifecycle event; undefined if the payload was dropped. */
export function eventText(capture: Log, index: number): string | undefined {
  if (capture.text !== undefined && hasPayload(capture.row(index).kind)) return capture.text(index)
  return textOf(capture.peek(index))
}

/** As `eventText`, for a given event. */
export function textOf(event: RealtimeEvent): string | undefined {
  if (!('payload' in event)) return previewEvent(event)
  if (event.dropped !== undefined) return undefined
  const { buffer, byteOffset, byteLength } = event.payload
  return Buffer.from(buffer, byteOffset, byteLength).toString()
}

/** The JSON value of a payload; undefined if it is not JSON, which is not a failure here. */
export function parseJson(text: string | undefined): unknown {
  const first = text?.trimStart().charAt(0)
  if (text === undefined || first === undefined || !/[[{"\-0-9tfn]/.test(first)) return undefined
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
