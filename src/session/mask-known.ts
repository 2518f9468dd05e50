/** Masks values that are known to be secret in events, before they are stored or printed. */
import type { RealtimeEvent } from '../shared/event.ts'
import { type MessageBatch, messagesIn } from '../shared/message-batch.ts'
import type { KnownSecrets } from '../shared/secrets/known-secrets.ts'

/**
 * The event with its secrets masked, in every text and in its payload. The same event if it has none. A masked payload is
 * marked, and keeps its size. Texts in a field whose name is in `reveal` are not masked.
 */
export function maskEvent(
  event: RealtimeEvent,
  secrets: KnownSecrets,
  reveal: readonly string[] = [],
): RealtimeEvent {
  const shown = masked(event, secrets, reveal)
  if (!('payload' in event) || !('payload' in shown) || event.payload === shown.payload) return shown
  return { ...shown, extra: { originalSize: event.payload.length, ...shown.extra, masked: true } }
}

/** The messages of a batch as events at `time` with their secrets masked; undefined if they have none. */
export function maskedMessages(
  connection: number,
  batch: MessageBatch,
  time: number,
  secrets: KnownSecrets,
): RealtimeEvent[] | undefined {
  if (secrets.isEmpty || (!secrets.isIn(batch.bytes) && !secrets.isIn(batch.event ?? ''))) return undefined
  return Array.from(messagesIn(batch, connection, time), (message) => maskEvent(message, secrets))
}

/** A value with the texts and bytes in it masked. The same value if nothing is. */
export function masked<Value>(value: Value, secrets: KnownSecrets, reveal: readonly string[] = []): Value {
  if (secrets.isEmpty) return value
  return maskedMember('', value, secrets, new Set(reveal.map((name) => name.toLowerCase()))) as Value
}

function maskedMember(
  name: string,
  value: unknown,
  secrets: KnownSecrets,
  reveal: ReadonlySet<string>,
): unknown {
  if (typeof value === 'string') {
    if (reveal.has(name.toLowerCase())) return value
    return name === 'base64' ? maskedBase64(value, secrets) : secrets.mask(value)
  }
  if (value instanceof Uint8Array) return secrets.maskBytes(value)
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) {
    const items = value.map((item) => maskedMember(name, item, secrets, reveal))
    return items.some((item, index) => item !== value[index]) ? items : value
  }
  const entries = Object.entries(value)
  const members = entries.map(([key, member]) => maskedMember(key, member, secrets, reveal))
  if (members.every((member, index) => member === entries[index]?.[1])) return value
  return Object.fromEntries(entries.map(([key], index) => [key, members[index]]))
}

function maskedBase64(text: string, secrets: KnownSecrets): string {
  const bytes = Buffer.from(text, 'base64')
  const stars = secrets.maskBytes(bytes)
  return stars === bytes ? text : Buffer.from(stars).toString('base64')
}
