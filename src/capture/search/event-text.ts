/** The text of a payload, and of an event that a search looks at. */

import type { RealtimeEvent } from '../../shared/event.ts'
import { hasPayload } from '../../shared/event-columns.ts'
import { tryParseJson } from '../../shared/text/json-text.ts'
import { previewEvent } from '../preview.ts'
import type { Log } from '../recording.ts'

/** The same bytes as a `Buffer`, without a copy. */
export function asBuffer({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength)
}

/** The payload as text, or the masked sentence of a lifecycle event; undefined if the payload was dropped. */
export function eventText(capture: Log, index: number): string | undefined {
  if (capture.text !== undefined && hasPayload(capture.row(index).kind)) return capture.text(index)
  return textOf(capture.peek(index))
}

/** As `eventText`, for a given event. */
export function textOf(event: RealtimeEvent): string | undefined {
  if (!('payload' in event)) return previewEvent(event)
  return event.dropped === undefined ? asBuffer(event.payload).toString() : undefined
}

/** Only characters of a number, and white space. */
const NUMBER = /^[\s\d.eE+-]*$/

/** The JSON value of a payload; undefined if it is not JSON, which is not a failure here. */
export function parseJson(text: string | undefined): unknown {
  const first = text?.trimStart().charAt(0)
  if (text === undefined || first === undefined || !/[[{"\-0-9tfn]/.test(first)) return undefined
  // Packets of some protocols begin with a digit. To test for a number takes less time than to fail.
  if (/[-0-9]/.test(first) && !NUMBER.test(text)) return undefined
  return tryParseJson(text)
}
