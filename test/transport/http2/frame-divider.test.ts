/** Frames of HTTP/2 are divided alike in any split. */
import assert from 'node:assert/strict'
import { FrameDivider } from '../../../src/transport/http2/frame-divider.ts'
import { FRAME, frameBytes, PADDED } from '../../../src/transport/http2/frame-head.ts'

const END_STREAM = 1
const END_HEADERS = 4

function data(stream: number, text: string, flags = 0): Uint8Array {
  return frameBytes(FRAME.data, flags, stream, Buffer.from(text))
}

interface Divided {
  readonly taken: Readonly<Record<number, string>>
  readonly content: Readonly<Record<number, number>>
  readonly passed: Buffer
  readonly frames: readonly string[]
}

/** Divides the bytes in parts of that size. `takes` says of which streams the content is taken. */
function divide(bytes: Uint8Array, size: number, takes: (stream: number) => boolean): Divided {
  const taken: Record<number, string> = {}
  const content: Record<number, number> = {}
  const passed: Uint8Array[] = []
  const frames: string[] = []
  const divider = new FrameDivider({
    mayTake: takes,
    takes,
    frame: ({ type, stream, length }) => frames.push(`${type} ${stream} ${length}`),
    content: (stream, length) => {
      content[stream] = (content[stream] ?? 0) + length
    },
    taken: (stream, part) => {
      taken[stream] = (taken[stream] ?? '') + Buffer.from(part).toString()
      // It is only lent.
      part.fill(0)
    },
    pass: (part) => passed.push(part.slice()),
  })
  for (let at = 0; at < bytes.length; at += size) divider.push(bytes.slice(at, at + size))
  return { taken, content, passed: Buffer.concat(passed), frames }
}

describe('dividing the frames of HTTP/2', () => {
  const head = frameBytes(FRAME.headers, END_HEADERS, 1, Uint8Array.of(0x88))
  const ping = frameBytes(6, 0, 0, new Uint8Array(8))
  const padded = frameBytes(FRAME.data, PADDED, 1, Uint8Array.of(2, 0x70, 0, 0))
  const reset = frameBytes(FRAME.rstStream, 0, 2, Uint8Array.of(0, 0, 0, 8))
  const frames = [
    ...[head, data(1, 'first '), data(1, 'second '), ping, data(2, 'other'), data(1, 'third '), data(1, '')],
    ...[padded, data(1, 'fourth'), reset, data(1, ' end', END_STREAM), data(3, 'x', END_STREAM), ping],
  ]
  const bytes = Uint8Array.from(Buffer.concat(frames))

  it('takes the content of some streams out, and passes everything else on', () => {
    const kept = [head, ping, data(2, 'other'), padded, reset]
    const passed = Buffer.concat([...kept, data(1, '', END_STREAM), data(3, '', END_STREAM), ping])
    for (let size = 1; size <= bytes.length; size++) {
      const divided = divide(bytes, size, (stream) => stream % 2 === 1)
      assert.deepEqual(divided.taken, { 1: 'first second third fourth end', 3: 'x' }, `parts of ${size}`)
      assert.deepEqual(divided.content, { 1: 1, 2: 5 })
      assert.deepEqual(divided.passed, passed)
      assert.equal(divided.frames.length, frames.length)
    }
  })

  it('passes everything on as it is if nothing is taken', () => {
    for (let size = 1; size <= bytes.length; size++) {
      const divided = divide(bytes, size, () => false)
      assert.deepEqual(divided.passed, Buffer.from(bytes), `parts of ${size}`)
      assert.deepEqual(divided.taken, {})
      assert.deepEqual(divided.content, { 1: 30, 2: 5, 3: 1 })
    }
  })

  it('leaves frames that HTTP/2 does not allow to Node.js', () => {
    const large = frameBytes(FRAME.data, 0, 1, new Uint8Array(16_385))
    assert.deepEqual(divide(large, large.length, () => true).passed, Buffer.from(large))
  })
})
