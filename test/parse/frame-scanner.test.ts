import assert from 'node:assert/strict'
import * as ws from 'ws'
import { FrameScanner, type ScannedMessage } from '../../src/parse/frame-scanner.ts'
import { seededRandom, splits } from '../support/splits.ts'

/** `ws` frames one message: the oracle for headers of every size, masked or not. */
const { Sender } = ws as unknown as {
  Sender: { frame(data: Buffer, options: Record<string, unknown>): Buffer[] }
}

interface FrameOptions {
  readonly fin?: boolean
  readonly rsv1?: boolean
  readonly mask?: boolean
}

function frame(
  opcode: number,
  size: number,
  { fin = true, rsv1 = false, mask = false }: FrameOptions = {},
): Buffer {
  const data = Buffer.alloc(size, 0x81)
  return Buffer.concat(Sender.frame(data, { opcode, fin, rsv1, mask, readOnly: true }))
}

function scan(chunks: readonly Uint8Array[]): ScannedMessage[] {
  const seen: ScannedMessage[] = []
  const scanner = new FrameScanner((message) => seen.push(message))
  let time = 0
  for (const chunk of chunks) scanner.push(chunk, time++)
  return seen
}

const withoutTimes = (messages: readonly ScannedMessage[]) =>
  messages.map(({ firstByteTime, time, ...rest }) => rest)

const message = (
  opcode: number,
  frames: number,
  wireSize: number,
  payloadWireBytes: number,
  compressed = false,
) => ({
  opcode,
  frames,
  wireSize,
  payloadWireBytes,
  compressed,
})

describe('FrameScanner', () => {
  it('sizes frames of every header length, masked and not, under every split', () => {
    for (const mask of [false, true]) {
      const key = mask ? 4 : 0
      const stream = Buffer.concat([0, 1, 125, 126, 300].map((size) => frame(2, size, { mask })))
      const expected = [0, 1, 125, 126, 300].map((size) =>
        message(2, 1, size + (size > 125 ? 4 : 2) + key, size),
      )
      for (const chunks of splits(stream)) assert.deepEqual(withoutTimes(scan(chunks)), expected)
    }
    const large = frame(1, 70_000, { mask: true })
    assert.deepEqual(withoutTimes(scan([large])), [message(1, 1, 70_014, 70_000)])
  })

  it('counts fragments as one message and control frames between them apart', () => {
    const stream = Buffer.concat([
      frame(1, 10, { fin: false, rsv1: true }),
      frame(9, 4),
      frame(0, 200, { fin: false }),
      frame(10, 0),
      frame(0, 0),
      frame(8, 2),
    ])
    const expected = [
      message(9, 1, 6, 4),
      message(10, 1, 2, 0),
      message(1, 3, 12 + 204 + 2, 210, true),
      message(8, 1, 4, 2),
    ]
    for (const chunks of splits(stream)) assert.deepEqual(withoutTimes(scan(chunks)), expected)
  })

  it('says when the first byte and the last byte of a message came', () => {
    const first = frame(1, 5, { fin: false })
    const seen = scan([first.subarray(0, 1), first.subarray(1), frame(9, 1), frame(0, 3)])
    assert.deepEqual(
      seen.map(({ opcode, firstByteTime, time }) => [opcode, firstByteTime, time]),
      [
        [9, 2, 2],
        [1, 0, 3],
      ],
    )
  })

  it('agrees with what ws frames, over random messages', () => {
    const random = seededRandom(6455)
    const expected: unknown[] = []
    const frames: Buffer[] = []
    for (let i = 0; i < 200; i++) {
      const sizes = Array.from({ length: 1 + Math.floor(random() * 4) }, () =>
        Math.floor(random() ** 4 * 70_000),
      )
      const mask = random() < 0.5
      const rsv1 = random() < 0.5
      const parts = sizes.map((size, n) =>
        frame(n === 0 ? 2 : 0, size, { mask, rsv1: rsv1 && n === 0, fin: n === sizes.length - 1 }),
      )
      frames.push(...parts)
      const payload = sizes.reduce((sum, size) => sum + size, 0)
      expected.push(message(2, sizes.length, Buffer.concat(parts).length, payload, rsv1))
    }
    const stream = Buffer.concat(frames)
    const chunks: Buffer[] = []
    for (let at = 0; at < stream.length; ) {
      const size = 1 + Math.floor(random() ** 6 * 65_536)
      chunks.push(stream.subarray(at, at + size))
      at += size
    }
    assert.deepEqual(withoutTimes(scan(chunks)), expected)
  })
})
