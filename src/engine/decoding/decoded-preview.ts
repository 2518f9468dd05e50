/** What a row of the list shows of the packets of a message. */
import { previewText } from '../../capture/preview.ts'
import { addedBy } from '../../decode/model-answers/parts-of.ts'
import { valueText } from '../../decode/value-text.ts'
import type { DecodedEvent } from '../../shared/decoded.ts'
import type { DecodedPreview } from '../../shared/protocol/decoding.ts'
import { mainValue, wordOf } from '../../shared/protocol-words.ts'

/** Undefined for no packets. */
export function decodedPreview(
  events: readonly DecodedEvent[],
  unanswered: boolean,
): DecodedPreview | undefined {
  const first = events.find(({ kind }) => kind !== 'heartbeat') ?? events[0]
  if (first === undefined) return undefined
  const { protocol, kind, name, channel, id, latency } = first
  const word = wordOf(first)
  const value = addedBy(first) ?? mainValue(first)
  return {
    protocol,
    kind,
    ...(word !== undefined && { word }),
    ...(name !== undefined && { name }),
    ...(channel !== undefined && { channel }),
    ...(id !== undefined && { id }),
    ...(latency !== undefined && { latency }),
    text: value === undefined ? '' : previewText(valueText(value), false),
    packets: events.length,
    heartbeat: first.kind === 'heartbeat',
    unanswered,
  }
}
