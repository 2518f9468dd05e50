import assert from 'node:assert/strict'
import * as ws from 'ws'
import { FrameScanner, type ScannedMessage } from '../../src/parse/frame-scanner.ts'
import { seededRandom, splits } from '../support/splits.ts'

/** `ws` frames one message; it is the oracle for headers of every size, masked or not. */
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
  for (const chunk of chunks) scanner.push(chunk)
  return seen
}

const message = (opcode: number, frames: number, wireSize: number, compressed = false) => ({
  opcode,
  frames,
  wireSize,
  compressed,
})

describe('FrameScanner', () => {
  it('measures frames with headers of any length, masked or not, in any split', () => {
    for (const mask of [false, true]) {
      const key = mask ? 4 : 0
      const stream = Buffer.concat([0, 1, 125, 126, 300].map((size) => frame(2, size, { mask })))
      const expected = [0, 1, 125, 126, 300].map((size) => message(2, 1, size + (size > 125 ? 4 : 2) + key))
      for (const chunks of splits(stream)) assert.deepEqual(scan(chunks), expected)
    }
    const large = frame(1, 70_000, { mask: true })
    assert.deepEqual(scan([large]), [message(1, 1, 70_014)])
  })

  it('reports fragments as one message, and control frames between them separately', () => {
    const stream = Buffer.concat([
      frame(1, 10, { fin: false, rsv1: true }),
      frame(9, 4),
      frame(0, 200, { fin: false }),
      frame(10, 0),
      frame(0, 0),
      frame(8, 2),
    ])
    const expected = [
      message(9, 1, 6),
      message(10, 1, 2),
      message(1, 3, 12 + 204 + 2, true),
      message(8, 1, 4),
    ]
    for (const chunks of splits(stream)) assert.deepEqual(scan(chunks), expected)
  })

  it('agrees with the frames of ws on random messages', () => {
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
      expected.push(message(2, sizes.length, Buffer.concat(parts).length, rsv1))
    }
    const stream = Buffer.concat(frames)
    const chunks: Buffer[] = []
    for (let at = 0; at < stream.length; ) {
      const size = 1 + Math.floor(random() ** 6 * 65_536)
      chunks.push(stream.subarray(at, at + size))
      at += size
    }
    assert.deepEqual(scan(chunks), expected)
  })
})
