/** Makes excerpts of events: bounded, and with secrets masked. */
import { isUtf8 } from 'node:buffer'
import { asBuffer } from '../../capture/search/event-text.ts'
import { formatLine } from '../../session/line.ts'
import { maskPayloadText, type PayloadMasking } from '../../session/payload-masks.ts'
import { redactEvent } from '../../session/redact.ts'
import type { DecodedEvent } from '../../shared/decoded.ts'
import type { RealtimeEvent } from '../../shared/event.ts'
import type { EventExcerpt, PacketExcerpt } from '../../shared/protocol/excerpts.ts'
import { maskText } from '../../shared/secrets.ts'
import { cutText } from '../../shared/text/shortened.ts'

export interface ExcerptOptions {
  /** Characters of a payload, and of any other text. */
  readonly maxText: number
  readonly masking: PayloadMasking
  /** What the message says in the protocol of its connection. */
  readonly packets?: readonly DecodedEvent[] | undefined
  /** Whether `packets` have values that the payload does not show. */
  readonly needsValues?: boolean
}

/** Characters that are masked beyond those that are shown, so that a secret at the end is recognized. */
const MARGIN = 4096
/** The fields besides the payload together have at most this many times the characters of one text. */
const MAX_FIELDS = 8
/** Packets, and names of fields that are left out. */
const MAX_LISTED = 20
const MAX_DEPTH = 8
const NOTHING = new Uint8Array(0)
/** Replaces what nests deeper, and ends what is cut. */
const CUT = '…'

/** The excerpt of the event with this number, counted from 1. */
export function excerptOf(event: RealtimeEvent, number: number, options: ExcerptOptions): EventExcerpt {
  const { masking, maxText, packets = [] } = options
  const redacted = redactEvent(event, masking)
  const shown = 'payload' in redacted ? { ...redacted, payload: NOTHING } : redacted
  const { type, text, size: _, originalSize: __, ...fields } = JSON.parse(formatLine(shown))
  const decoded = packets.slice(0, MAX_LISTED).map((packet) => excerptOfPacket(packet, options))
  return {
    ...{ number, type: String(type) },
    ...bounded(shorten(fields, maxText) as Record<string, unknown>, maxText * MAX_FIELDS),
    ...('payload' in event && { size: event.dropped ?? event.payload.length }),
    ...('payload' in redacted
      ? redacted.dropped === undefined && excerptOfPayload(redacted.payload, options)
      : text !== undefined && { text: shortText(maskText(String(text)), maxText) }),
    // The name and the id of a packet can be among what is masked.
    ...(decoded.length > 0 && fields.masked !== true && { decoded }),
  }
}

function excerptOfPayload(payload: Uint8Array, { maxText }: ExcerptOptions) {
  if (payload.length === 0) return { text: '' }
  const bytes = asBuffer(payload)
  if (!isUtf8(bytes)) {
    const shown = Math.min(bytes.length, Math.floor((maxText * 3) / 4))
    const base64 = bytes.toString('base64', 0, shown)
    return { base64, ...(shown < bytes.length && { notShown: bytes.length - shown }) }
  }
  // A character has at most four bytes. The decoder leaves out one that is cut.
  const beginning = new TextDecoder().decode(bytes.subarray(0, (maxText + MARGIN) * 4), { stream: true })
  const window = beginning.slice(0, maxText + MARGIN)
  const masked = maskText(window)
  const whole = cutText(window, maxText)
  const left = bytes.length - Buffer.byteLength(whole)
  return {
    text: cutText(masked, maxText),
    ...(left > 0 && { notShown: left }),
    ...(masked !== window && { masked: true as const }),
  }
}

function excerptOfPacket(
  packet: DecodedEvent,
  { maxText, masking, needsValues = false }: ExcerptOptions,
): PacketExcerpt {
  const { value, ...fields } = packet
  const json = needsValues && value !== undefined ? jsonOf(value) : undefined
  return {
    ...(shorten(fields, maxText) as typeof fields),
    ...(json !== undefined && {
      value: shortText(maskText(maskPayloadText(json, masking).slice(0, maxText + MARGIN)), maxText),
    }),
  }
}

/** Undefined if the value is too long for one string. */
function jsonOf(value: unknown): string | undefined {
  try {
    return JSON.stringify(value)
  } catch {
    return undefined
  }
}

/** The fields, or only the small ones if all together are too long. */
function bounded(fields: Readonly<Record<string, unknown>>, max: number): Record<string, unknown> {
  if (JSON.stringify(fields).length <= max) return fields
  const kept: Record<string, unknown> = {}
  let length = 0
  for (const [name, value] of Object.entries(fields)) {
    const size = JSON.stringify(value).length
    if (size > max / MAX_FIELDS) continue
    length += name.length + size
    if (length <= max) kept[name] = value
  }
  return {
    ...kept,
    fieldsNotShown: Object.keys(fields)
      .filter((name) => !(name in kept))
      .slice(0, MAX_LISTED),
  }
}

/** The value without the ends of long texts, and without what nests too deeply. */
function shorten(value: unknown, max: number, depth = 0): unknown {
  if (typeof value === 'string') return shortText(value, max)
  if (typeof value !== 'object' || value === null) return value
  if (depth >= MAX_DEPTH) return CUT
  if (Array.isArray(value)) return value.map((each) => shorten(each, max, depth + 1))
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [name, shorten(each, max, depth + 1)]),
  )
}

function shortText(text: string, max: number): string {
  return text.length <= max ? text : `${cutText(text, max)}${CUT}`
}
