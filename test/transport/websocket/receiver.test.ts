import assert from 'node:assert/strict'
import { isUtf8 } from 'node:buffer'
import { once } from 'node:events'
import { constants, createDeflateRaw, deflateRawSync } from 'node:zlib'
import * as ws from 'ws'
import { batchedEvent } from '../../../src/shared/message-batch.ts'
import {
  DictionaryInflater,
  HandleInflater,
  type Inflater,
} from '../../../src/transport/websocket/inflater.ts'
import type { ReceiverSink } from '../../../src/transport/websocket/received.ts'
import { Receiver } from '../../../src/transport/websocket/receiver.ts'
import { arrayBuffersInUse } from '../../support/memory.ts'
import { randomPayload } from '../../support/random-events.ts'
import { closeFrame, frame } from '../../support/raw-server.ts'
import { randomSplit, seededRandom, splits } from '../../support/splits.ts'

type Random = () => number

const MAX_SIZE = 20_000
const MAX_FRAGMENTS = 8

function digest(payload: Uint8Array): string {
  return Buffer.from(payload).toString('latin1')
}

/** What a receiver delivers, in order; the last one is the code of an error, if there is one. */
type Verdict = string

const SILENT: ReceiverSink = {
  batch: () => {},
  message: () => {},
  ping: () => {},
  pong: () => {},
  close: () => {},
  failed: (error) => assert.fail(error),
  busy: () => {},
}

/** What our receiver delivers for the chunks. Each is overwritten after its call if it is lent, or if the receiver does not need it. */
async function ours(
  chunks: readonly Uint8Array[],
  inflater: Inflater | undefined,
  isLent = false,
): Promise<Verdict[]> {
  const seen: Verdict[] = []
  let rest = () => {}
  let busy = false
  const receiver = new Receiver(
    { maxSize: MAX_SIZE, maxFragments: MAX_FRAGMENTS, inflater, isLent },
    {
      batch: (batch) => {
        for (let index = 0; index < batch.count; index++) {
          const { opcode, payload } = batchedEvent(batch, index)
          seen.push(`${opcode} ${digest(payload)}`)
        }
      },
      message: ({ binary, payload }) => {
        // Our receiver delivers invalid text before the error; `ws` does not.
        if (binary || isUtf8(payload)) seen.push(`${binary ? 'binary' : 'text'} ${digest(payload)}`)
      },
      ping: ({ payload }) => seen.push(`ping ${digest(payload)}`),
      pong: ({ payload }) => seen.push(`pong ${digest(payload)}`),
      close: ({ payload }) => seen.push(`close ${digest(payload)}`),
      failed: ({ code }) => seen.push(code),
      busy: (now) => {
        busy = now
        if (!now) rest()
      },
    },
  )
  for (const chunk of chunks) {
    const copy = new Uint8Array(chunk)
    if (receiver.push(copy, 0) || isLent) copy.fill(0xaa)
  }
  if (busy)
    await new Promise<void>((resolve) => {
      rest = resolve
    })
  receiver.finish()
  return seen
}

/** What the receiver of `ws` delivers for them. */
async function theirs(chunks: readonly Uint8Array[], compression: boolean): Promise<Verdict[]> {
  const seen: Verdict[] = []
  const { PerMessageDeflate, Receiver: WsReceiver } = ws as unknown as WsInternals
  const deflate = new PerMessageDeflate({ maxPayload: MAX_SIZE })
  deflate.accept([{}])
  const receiver = new WsReceiver({
    maxPayload: MAX_SIZE,
    maxFragments: MAX_FRAGMENTS,
    extensions: compression ? { 'permessage-deflate': deflate } : {},
  })
  receiver.on('message', (data: Buffer, isBinary: boolean) =>
    seen.push(`${isBinary ? 'binary' : 'text'} ${digest(data)}`),
  )
  receiver.on('ping', (data: Buffer) => seen.push(`ping ${digest(data)}`))
  receiver.on('pong', (data: Buffer) => seen.push(`pong ${digest(data)}`))
  receiver.on('conclude', (code: number, reason: Buffer) => {
    seen.push(`close ${digest(code === 1005 ? reason : closeFrame(code, reason.toString()).subarray(2))}`)
  })
  const ended = once(receiver, 'close').catch(() => {})
  receiver.on('error', (error: NodeJS.ErrnoException) => seen.push(error.code ?? ''))
  // After a close frame, the client detaches it from the socket.
  for (const chunk of chunks) if (!receiver.writableEnded) receiver.write(Buffer.from(chunk))
  receiver.end()
  await ended
  deflate.cleanup()
  return seen
}

interface WsInternals {
  readonly PerMessageDeflate: new (options: object) => { accept(offers: object[]): void; cleanup(): void }
  readonly Receiver: new (options: object) => import('node:stream').Writable
}

function pick<T>(random: Random, from: readonly T[]): T {
  return from[Math.floor(random() * from.length)] as T
}

/** Compresses several messages with one context. */
class Deflater {
  readonly #deflate = createDeflateRaw()
  readonly #out: Buffer[] = []

  constructor() {
    this.#deflate.on('data', (bytes: Buffer) => this.#out.push(bytes))
  }

  async message(payload: Uint8Array): Promise<Buffer> {
    this.#deflate.write(payload)
    await new Promise<void>((resolve) => this.#deflate.flush(constants.Z_SYNC_FLUSH, resolve))
    return Buffer.concat(this.#out.splice(0)).subarray(0, -4)
  }

  close(): void {
    this.#deflate.close()
  }
}

/** A message in one or several frames, with control frames in between. */
function* fragments(random: Random, opcode: number, payload: Uint8Array, rsv: number): Generator<Buffer> {
  const parts = random() < 0.6 ? [payload] : randomSplit(payload, 2 + Math.floor(random() * 4), random)
  for (const [index, part] of parts.entries()) {
    const isFirst = index === 0
    yield frame(isFirst ? opcode : 0, part, { fin: index === parts.length - 1, rsv: isFirst ? rsv : 0 })
    if (random() < 0.1) yield frame(pick(random, [9, 10]), randomPayload(random, 100).slice(0, 125))
  }
}

const LARGE = Buffer.from('{"ä":1}'.repeat(3000))

/** Frames that a server must not send, and some that it may. */
const ODD: readonly ((random: Random) => Buffer)[] = [
  () => frame(1, 'x', { rsv: 0x20 }),
  () => frame(1, 'x', { rsv: 0x10 }),
  () => frame(1, 'x', { rsv: 0x40 }),
  () => frame(9, 'x', { rsv: 0x40 }),
  () => frame(0, 'x', { rsv: 0x40 }),
  () => frame(0, 'x'),
  (random) => frame(3 + Math.floor(random() * 5), 'x'),
  (random) => frame(11 + Math.floor(random() * 5), 'x'),
  () => frame(9, 'x', { fin: false }),
  () => frame(8, 'x'),
  () => frame(10, 'x'.repeat(126)),
  () => Buffer.from([0x81, 0x81, 1, 2, 3, 4, 5]),
  () => frame(1, Uint8Array.of(0xc3, 0x28)),
  () => frame(1, Uint8Array.of(0xe2, 0x82)),
  () => frame(1, Uint8Array.of(0x82, 0xac)),
  () => frame(2, Uint8Array.of(0xc3, 0x28)),
  () => frame(2, LARGE),
  () => frame(2, '', { length: MAX_SIZE + 1 }),
  () => Buffer.from([0x82, 127, 0, 32, 0, 0, 0, 0, 0, 0]),
  () => Buffer.from([0x82, 127, 0, 0, 0, 0, 0, 0, 0, 1, 0x40]),
  () => Buffer.concat([frame(1, 'a', { fin: false }), frame(1, 'b')]),
  () => Buffer.concat([frame(2, 'a', { fin: false }), ...Array(9).fill(frame(0, 'b', { fin: false }))]),
  () => Buffer.concat(Array(3).fill(frame(2, LARGE.subarray(0, 9000), { fin: false }))),
  () => frame(1, deflateRawSync(LARGE), { rsv: 0x40 }),
  () => frame(1, Uint8Array.of(0xff, 0xff, 0xff), { rsv: 0x40 }),
  () => frame(8),
  () => Buffer.concat([closeFrame(1000, 'end'), frame(1, 'after')]),
  () => closeFrame(1005),
  () => closeFrame(2999),
  () => Buffer.concat([Buffer.from([0x88, 4, 0x03, 0xe8]), Uint8Array.of(0xc3, 0x28)]),
]

async function randomStream(random: Random, compression: boolean): Promise<Buffer> {
  const deflater = new Deflater()
  const frames: Buffer[] = []
  const odd = Math.floor(random() * 25)
  for (let i = 0; i < 12; i++) {
    if (i === odd) frames.push(pick(random, ODD)(random))
    const opcode = pick(random, [1, 1, 2])
    const raw = random() < 0.2 ? LARGE.subarray(0, Math.floor(random() * MAX_SIZE)) : randomPayload(random)
    const payload = opcode === 1 ? Buffer.from(Buffer.from(raw).toString()).subarray(0, MAX_SIZE) : raw
    const compressed = compression && random() < 0.7
    const sent = compressed ? await deflater.message(payload) : payload
    frames.push(...fragments(random, opcode, sent, compressed ? 0x40 : 0))
  }
  deflater.close()
  return Buffer.concat(frames)
}

/** Asserts that our receiver and `ws` deliver the same, with either inflater. */
async function compare(stream: Buffer, chunks: readonly Uint8Array[], compression: boolean, say: string) {
  const expected = await theirs(chunks, compression)
  const inflaters = compression
    ? [
        new HandleInflater({ forgets: false, windowBits: 15 }),
        new DictionaryInflater({ forgets: false, windowBits: 15 }, MAX_SIZE),
      ]
    : [undefined]
  for (const inflater of inflaters)
    assert.deepEqual(
      await ours(chunks, inflater),
      expected,
      `${say}, ${inflater?.constructor.name}, ${stream.length} bytes`,
    )
  if (!compression)
    assert.deepEqual(await ours(chunks, undefined, true), expected, `${say}, lent, ${stream.length} bytes`)
  return expected
}

describe('the WebSocket receiver', () => {
  for (const compression of [false, true]) {
    it(`delivers the same as ws for random streams${compression ? ' with compression' : ''}`, async () => {
      const verdicts = new Set<string>()
      for (let seed = 1; seed <= 150; seed++) {
        const random = seededRandom(seed)
        const stream = await randomStream(random, compression)
        const pieces = pick(random, [1, 1, 2, 3, 10, 40])
        const chunks = pieces === 1 ? [stream] : randomSplit(stream, pieces, random)
        const seen = await compare(stream, chunks, compression, `seed ${seed}`)
        for (const verdict of seen) verdicts.add(verdict.split(' ')[0] ?? '')
      }
      for (const wanted of ['text', 'binary', 'ping', 'pong', 'close', 'WS_ERR_INVALID_UTF8'])
        assert.ok(verdicts.has(wanted), `${wanted} among ${[...verdicts].join(', ')}`)
    })

    it(`delivers the same as ws for each odd frame${compression ? ' with compression' : ''}, also byte by byte`, async () => {
      for (const [index, odd] of ODD.entries()) {
        const stream = Buffer.concat([frame(1, 'before €'), odd(seededRandom(index)), frame(1, 'after')])
        const bytes = stream.length < 300 ? [Array.from(stream, (byte) => Uint8Array.of(byte))] : []
        for (const chunks of [[stream], ...bytes])
          await compare(stream, chunks, compression, `odd frame ${index}`)
      }
    })
  }

  it('accepts a character split between frames, but not one split by the end of the message', async () => {
    const euro = Buffer.from('€')
    const cut = Buffer.concat([
      frame(1, euro.subarray(0, 1), { fin: false }),
      frame(0, euro.subarray(1)),
      frame(1, 'a'),
      frame(1, euro.subarray(0, 1)),
      frame(1, euro.subarray(1)),
    ])
    assert.deepEqual(await compare(cut, [cut], false, 'cut'), [
      `text ${euro.toString('latin1')}`,
      'text a',
      'WS_ERR_INVALID_UTF8',
    ])
  })

  it('does not join the end of a text and the beginning of the next one to a character', async () => {
    const [lead, rest] = [Buffer.from('é').subarray(0, 1), Buffer.from('é').subarray(1)]
    const invalid = ['WS_ERR_INVALID_UTF8']
    const plain = Buffer.concat([frame(1, lead), frame(1, 'a')])
    assert.deepEqual(await compare(plain, [plain], false, 'before a header'), invalid)
    const deflater = new Deflater()
    const frames = []
    for (const text of [lead, rest]) frames.push(frame(1, await deflater.message(text), { rsv: 0x40 }))
    deflater.close()
    const compressed = Buffer.concat(frames)
    assert.deepEqual(await compare(compressed, [compressed], true, 'inflated'), invalid)
  })

  it('accepts more messages in one arrival than fit into a batch', async () => {
    const many = Buffer.concat(Array.from({ length: 10_000 }, (_, i) => frame(1, String(i % 10))))
    assert.equal((await compare(many, [many], false, 'many')).length, 10_000)
  })

  it('starts a new context after a message that ends its deflate stream', async () => {
    const final = (text: string) => frame(1, deflateRawSync(text), { rsv: 0x40 })
    const stream = Buffer.concat([final('one'), final('two'), frame(1, 'three')])
    const expected = ['text one', 'text two', 'text three']
    assert.deepEqual(await compare(stream, [stream], true, 'final blocks'), expected)
  })

  it('gives the header of an invalid frame with its error, in any split', () => {
    for (const chunks of splits(closeFrame(1006))) {
      let header: Uint8Array | undefined
      const receiver = new Receiver(
        { maxSize: MAX_SIZE, maxFragments: MAX_FRAGMENTS, inflater: undefined },
        { ...SILENT, failed: (error) => (header = error.header) },
      )
      for (const chunk of chunks) receiver.push(Uint8Array.from(chunk), 0)
      assert.deepEqual(header, Uint8Array.of(0x88, 2))
    }
  })

  for (const compression of [false, true]) {
    it(`keeps only the bytes of small fragments${compression ? ' with compression' : ''}`, async () => {
      const count = 1000
      const before = await arrayBuffersInUse()
      const options = { forgets: false, windowBits: 15 }
      const sizes: number[] = []
      const receiver = new Receiver(
        {
          maxSize: MAX_SIZE,
          maxFragments: count + 2,
          inflater: compression ? new HandleInflater(options) : undefined,
        },
        { ...SILENT, message: ({ payload }) => sizes.push(payload.length) },
      )
      // A stored block of one byte (RFC 1951 section 3.2.4).
      const part = compression ? Buffer.from([0, 1, 0, 0xfe, 0xff, 0x61]) : Buffer.from('a')
      const padding = Buffer.concat(Array<Buffer>(400).fill(frame(10, 'x'.repeat(125))))
      receiver.push(Uint8Array.from(frame(2, part, { fin: false, rsv: compression ? 0x40 : 0 })), 0)
      for (let i = 0; i < count; i++)
        receiver.push(Uint8Array.from(Buffer.concat([frame(0, part, { fin: false }), padding])), 0)
      const kept = (await arrayBuffersInUse()) - before
      receiver.push(Uint8Array.from(frame(0, part)), 0)
      assert.deepEqual(sizes, [count + 2])
      assert.ok(kept < 5_000_000, `${kept} bytes are kept of ${count} bytes`)
    })
  }
})
