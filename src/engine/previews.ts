/** What a row of the list says of an event: its payload's name and beginning, or what a lifecycle event says. */

import { formatDuration, preview } from '../capture/preview.ts'
import type { Log } from '../capture/recording.ts'
import { type ColumnBatch, typeOf, unpackKind } from '../shared/columns.ts'
import type { EventPreview } from '../shared/protocol.ts'
import type { PayloadNames } from './payload-names.ts'

const NOTHING: EventPreview = { payloadName: '', text: '' }

/** The previews of events in their order; empty for events that are not kept. */
export function previewEvents(capture: Log, names: PayloadNames, indexes: readonly number[]): EventPreview[] {
  return indexes.map((index) =>
    index >= capture.firstKept && index < capture.count ? previewEvent(capture, names, index) : NOTHING,
  )
}

/** Newest events that are sent with their previews: about as many as a list shows. */
const NEWEST = 64

/** The previews of the last events of a batch; none if newer ones follow it at once. */
export function newestPreviews(
  capture: Log,
  names: PayloadNames,
  { first, count }: ColumnBatch,
): EventPreview[] {
  const end = first + count
  if (end < capture.count) return []
  const from = Math.max(first, end - NEWEST)
  return previewEvents(
    capture,
    names,
    Array.from({ length: end - from }, (_, i) => from + i),
  )
}

function previewEvent(capture: Log, names: PayloadNames, index: number): EventPreview {
  const text = preview(capture, index)
  switch (typeOf(capture.row(index).kind)) {
    case 'message':
      return { payloadName: names.at(index), text }
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

/** How many events before a pong are searched for its ping. */
const REACH = 4096
/** How many of them are read at once. */
const STRIDE = 512

/** Milliseconds to a pong from its ping: same payload and connection, other direction (RFC 6455 section 5.5.3). */
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
