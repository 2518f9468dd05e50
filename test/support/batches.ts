/** Batches of messages, like those of a socket's reads. */
import { UNKNOWN_SIZE } from '../../src/shared/event-columns.ts'
import type { MessageBatch } from '../../src/shared/message-batch.ts'
import { randomPayload } from './random-events.ts'

/** A seeded batch of `count` messages of at most `maxSize` bytes, with a few bytes between them. */
export function randomBatch(random: () => number, count: number, maxSize = 300): MessageBatch {
  const onlyAscii = random() < 0.5
  const payloads = Array.from({ length: count }, () => {
    const bytes = randomPayload(random, maxSize)
    return onlyAscii ? bytes.map((byte) => byte & 0x7f) : bytes
  })
  const starts = new Uint32Array(count)
  const pieces: Uint8Array[] = []
  let at = 0
  for (const [index, payload] of payloads.entries()) {
    const gap = new Uint8Array(2 + Math.floor(random() * 3))
    starts[index] = at + gap.length
    at += gap.length + payload.length
    pieces.push(gap, payload)
  }
  return {
    time: Math.round(random() * 1e6) / 1000,
    count,
    bytes: new Uint8Array(Buffer.concat(pieces)),
    starts,
    sizes: Uint32Array.from(payloads, ({ length }) => length),
    wireSizes: Uint32Array.from(payloads, ({ length }) => (random() < 0.1 ? UNKNOWN_SIZE : length + 2)),
    binary: Uint8Array.from(payloads, () => (random() < 0.3 ? 1 : 0)),
    ...(random() < 0.7
      ? { frame: { compressed: random() < 0.5 } }
      : { event: random() < 0.7 ? 'message' : 'é"' }),
  }
}
