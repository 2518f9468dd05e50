/** What holds for every map of a message. */
import assert from 'node:assert/strict'
import { MAX_FIELDS, MAX_MAPPED, type MessageMap } from '../../src/shared/packet-map.ts'

interface Span {
  readonly from: number
  readonly to: number
}

/** What may be between packets: white space, NUL, separators, lengths, and the brackets and commas of an array. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are bytes
const BETWEEN = /^[\s\0-\x09\xff\x1e\d:,[\]]*$/

/** Spans are in order, do not overlap, and are between two bytes. */
function checkOrder(spans: readonly Span[], from: number, to: number): void {
  let at = from
  for (const span of spans) {
    assert.ok(span.from >= at && span.to >= span.from && span.to <= to, JSON.stringify({ spans, from, to }))
    at = span.to
  }
}

/** Packets and their fields are in order within the message, and do not overlap. */
export function checkMap({ packets, unfinished }: MessageMap, count: number, size: number): void {
  if (packets !== null) assert.equal(packets.length, Math.min(count, MAX_MAPPED))
  const all = [...(packets ?? []), ...(unfinished === null ? [] : [unfinished])]
  checkOrder(all, 0, size)
  for (const { fields, from, to } of all) {
    assert.ok(fields.length <= MAX_FIELDS)
    checkOrder(fields, from, to)
    assert.ok(fields.every((field) => field.from < field.to))
  }
}

/** Every byte of the message is in a packet or between two. */
export function checkCover({ packets, unfinished }: MessageMap, payload: Uint8Array): void {
  let at = 0
  const end = { from: payload.length, to: payload.length }
  for (const { from, to } of [...(packets ?? []), unfinished ?? end, end]) {
    assert.match(Buffer.from(payload.subarray(at, from)).toString('latin1'), BETWEEN)
    at = to
  }
}
