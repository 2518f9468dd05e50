/** What a row of the list says of an event: its payload's label and beginning, or what a lifecycle event says. */
import { isUtf8 } from 'node:buffer'
import type { Log } from '../capture/log.ts'
import { formatDuration, preview } from '../capture/preview.ts'
import { LABEL_BYTES, labelPayload } from '../decode/label.ts'
import { type ColumnBatch, typeOf, unpackKind } from '../shared/columns.ts'
import type { EventPreview } from '../shared/protocol.ts'

const NOTHING: EventPreview = { payloadName: '', text: '' }

/** The previews of events, in their order; empty for those that are not kept. */
export function previewEvents(capture: Log, indexes: readonly number[]): EventPreview[] {
  return indexes.map((index) =>
    index >= capture.firstKept && index < capture.count ? previewEvent(capture, index) : NOTHING,
  )
}

/** Newest events whose previews go out with them: about as many as a list shows. */
const NEWEST = 64

/** The previews of the last events of a batch; none where newer ones follow it at once. */
export function newestPreviews(capture: Log, { first, count }: ColumnBatch): EventPreview[] {
  const end = first + count
  if (end < capture.count) return []
  const from = Math.max(first, end - NEWEST)
  return previewEvents(
    capture,
    Array.from({ length: end - from }, (_, i) => from + i),
  )
}

function previewEvent(capture: Log, index: number): EventPreview {
  const text = preview(capture, index)
  switch (typeOf(capture.row(index).kind)) {
    case 'message':
      return { payloadName: labelAt(capture, index), text }
    case 'pong': {
      const took = answerTime(capture, index)
      if (took === undefined) return { payloadName: '', text }
      return {
        payloadName: '',
        text: [`answered in ${formatDuration(took)}`, text].filter(Boolean).join(' · '),
      }
    }
    default:
      return { payloadName: '', text }
  }
}

/** What a message that is kept calls itself. */
export function labelAt(capture: Log, index: number): string {
  const { binary } = unpackKind(capture.row(index).kind)
  const beginning = capture.payload(index, LABEL_BYTES)
  if (beginning === undefined) return binary ? 'binary' : 'text'
  return labelPayload(beginning, binary || !isText(beginning))
}

/** Whether the bytes are UTF-8, but for a last character that the cut may have split. */
function isText(beginning: Uint8Array): boolean {
  if (beginning.length < LABEL_BYTES) return isUtf8(beginning)
  return [0, 1, 2, 3].some((cut) => isUtf8(beginning.subarray(0, beginning.length - cut)))
}

/** Events before a pong among which its ping is looked for. */
const REACH = 4096
/** How many of them are read at a time. */
const STRIDE = 512

/** Milliseconds from the ping with the same payload, the other way on the same connection, to a pong (RFC 6455 section 5.5.3). */
function answerTime(capture: Log, index: number): number | undefined {
  const pong = capture.row(index)
  const { direction } = unpackKind(pong.kind)
  const payload = capture.payload(index)
  if (payload === undefined) return undefined
  const first = Math.max(capture.firstKept, index - REACH)
  for (let to = index; to > first; to -= STRIDE) {
    const from = Math.max(first, to - STRIDE)
    const { kind, connection, size, time } = capture.columns(from, to - from)
    for (let i = to - from - 1; i >= 0; i--) {
      if (connection[i] !== pong.connection || size[i] !== payload.length) continue
      const other = unpackKind(kind[i] ?? 0)
      if (other.type !== 'ping' || other.direction === direction) continue
      const asked = capture.payload(from + i)
      if (asked !== undefined && Buffer.compare(asked, payload) === 0) return pong.time - (time[i] ?? 0)
    }
  }
  return undefined
}
