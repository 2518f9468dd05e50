/** Makes and reads messages. */
import type { MessageEvent } from '../shared/event.ts'
import type { OutboundMessage } from '../shared/spec.ts'
import { tryParseJson } from '../shared/text/json-text.ts'

/** Larger messages are never part of a handshake or heartbeat. In bytes. */
export const MAX_CONTROL = 64 * 1024

export function text(content: string): OutboundMessage {
  return { opcode: 'text', payload: Buffer.from(content) }
}

export function binary(payload: Uint8Array): OutboundMessage {
  return { opcode: 'binary', payload }
}

export function json(value: unknown): OutboundMessage {
  return text(JSON.stringify(value))
}

/** The text of a small message; empty for others. */
export function controlText({ payload }: Pick<MessageEvent, 'payload'>): string {
  return payload.length > MAX_CONTROL ? '' : Buffer.from(payload).toString()
}

/** A small message as JSON. Undefined for others. */
export function controlJson(message: Pick<MessageEvent, 'payload'>): unknown {
  return tryParseJson(controlText(message))
}

/** What a peer wrote, for a sentence: short, and on one line. */
export function quoted(value: unknown): string {
  const content = typeof value === 'string' ? value : JSON.stringify(value)
  const line = (content ?? '').replaceAll(/\s+/g, ' ').trim()
  return line.length > 200 ? `${line.slice(0, 200)}…` : line
}

/** The value if it is a number above 0. */
export function positive(value: unknown): number | undefined {
  return typeof value === 'number' && value > 0 && Number.isFinite(value) ? value : undefined
}
