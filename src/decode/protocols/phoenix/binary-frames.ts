/** Messages of Phoenix with binary payloads, as version 2 of its serializer writes them. */
import type { Direction } from '../../../shared/event.ts'
import { base64, textOf } from '../../values.ts'

const PUSH = 0
const REPLY = 1
const BROADCAST = 2

/** The texts in a frame, in order. A push from the server has no `ref`. */
const TEXTS = {
  pushed: ['joinRef', 'topic', 'event'],
  sent: ['joinRef', 'ref', 'topic', 'event'],
  reply: ['joinRef', 'ref', 'topic', 'status'],
  broadcast: ['topic', 'event'],
} as const

/** The message as it is in JSON: `[joinRef, ref, topic, event, payload]`. Throws if the bytes are not one. */
export function messageIn(payload: Uint8Array, direction: Direction): readonly unknown[] {
  const kind = payload[0]
  const names = namesIn(kind, direction)
  const texts = new Map<string, string>()
  let at = 1 + names.length
  for (const [index, name] of names.entries()) {
    const end = at + (payload[1 + index] ?? 0)
    if (end > payload.length) throw new Error('A binary message of Phoenix is shorter than it says.')
    texts.set(name, textOf(payload.subarray(at, end)))
    at = end
  }
  const data = base64(payload.subarray(at))
  const [joinRef = null, ref = null] = [texts.get('joinRef'), texts.get('ref')]
  const content = kind === REPLY ? { status: texts.get('status'), response: data } : data
  return [joinRef, ref, texts.get('topic'), texts.get('event') ?? 'phx_reply', content]
}

function namesIn(kind: number | undefined, direction: Direction): readonly string[] {
  if (kind === PUSH) return direction === 'in' ? TEXTS.pushed : TEXTS.sent
  if (kind === REPLY) return TEXTS.reply
  if (kind === BROADCAST) return TEXTS.broadcast
  throw new Error('The message is not a binary message of Phoenix.')
}
