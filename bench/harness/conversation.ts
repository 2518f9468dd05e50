/** A capture of one WebSocket that speaks a sub-protocol. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Capture } from '../../src/capture/capture.ts'
import type { DecodingStart } from '../../src/decode/decoding-source.ts'
import type { MessageBatch } from '../../src/shared/message-batch.ts'
import { type LoadedProtocol, PROTOCOL_LOADS, type ProtocolLoad } from '../load/protocols.ts'
import type { FilledCapture } from './filled-capture.ts'

const PER_BATCH = 256
/** Bytes of the frame before each message. */
const GAP = 4
/** Number of different batches, after which they repeat. */
const DISTINCT = 64

/** How its connection starts. */
export function startOf(protocol: LoadedProtocol): DecodingStart & Required<Pick<DecodingStart, 'connect'>> {
  const { url }: ProtocolLoad = PROTOCOL_LOADS[protocol]
  return {
    connect: { type: 'connect', connection: 1, time: 0, transport: 'websocket', url, attempt: 0 },
    open: { type: 'open', connection: 1, time: 0, transport: 'websocket', headers: {} },
  }
}

export function emptyConversation(protocol: LoadedProtocol): FilledCapture {
  const folder = mkdtempSync(join(tmpdir(), 'realtime-bench-'))
  const capture = new Capture({ directory: join(folder, 'capture'), clock: { startedAt: new Date() } })
  const { connect, open } = startOf(protocol)
  capture.append(connect)
  if (open !== undefined) capture.append(open)
  const remove = () => {
    capture.close()
    rmSync(folder, { recursive: true, force: true })
  }
  return { capture, remove }
}

/** Captures `count` messages in both directions. */
export function captureConversation(protocol: LoadedProtocol, count: number): FilledCapture {
  const filled = emptyConversation(protocol)
  const { message }: ProtocolLoad = PROTOCOL_LOADS[protocol]
  for (let n = 0; n < count; n++)
    filled.capture.append({
      type: 'message',
      connection: 1,
      time: n / 100,
      direction: n % 2 === 0 ? 'out' : 'in',
      opcode: 'text',
      payload: Buffer.from(message(n)),
    })
  return filled
}

/** The messages as inbound batches. */
export function* textBatches(protocol: LoadedProtocol, count: number): Generator<MessageBatch> {
  const { message }: ProtocolLoad = PROTOCOL_LOADS[protocol]
  const zeros = new Uint8Array(PER_BATCH)
  const blocks = Array.from({ length: DISTINCT }, (_, block) => {
    const payloads = Array.from(zeros, (_, n) => Buffer.from(message(block * PER_BATCH + n)))
    const sizes = Uint32Array.from(payloads, ({ length }) => length)
    let at = 0
    const starts = sizes.map((size) => {
      at += GAP + size
      return at - size
    })
    const bytes = Buffer.concat(payloads.flatMap((payload) => [Buffer.alloc(GAP), payload]))
    return { bytes, starts, sizes, wireSizes: sizes.map((size) => size + GAP) }
  })
  for (let done = 0; done < count; done += PER_BATCH) {
    const block = blocks[(done / PER_BATCH) % DISTINCT]
    if (block === undefined) return
    const time = done / 1000
    yield { ...block, time, count: PER_BATCH, binary: zeros, frame: { compressed: false } }
  }
}
