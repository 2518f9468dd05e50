/** Loads as blocks of bytes that are built before, so that sending costs only a write. */
import { constants, createDeflateRaw } from 'node:zlib'
import { payload } from './payloads.ts'

export interface Block {
  /** Frames or chunks, one after another. */
  readonly bytes: Buffer
  /** End of each frame or chunk. */
  readonly ends: readonly number[]
}

export const KINDS = ['ws', 'deflate', 'sse', 'http2', 'ndjson'] as const
export type Kind = (typeof KINDS)[number]

const BLOCK_SIZE = 1024 * 1024
const MIN_MESSAGES = 16
const LONGEST = 8192

/** The payloads of a block, which a load repeats. */
export function repeatedPayloads(size: number): Buffer[] {
  const count = Math.min(LONGEST, Math.max(MIN_MESSAGES, Math.floor(BLOCK_SIZE / size)))
  return Array.from({ length: count }, (_, n) => payload(n, size))
}

/** Builds the block of a kind for payloads of `size` bytes. */
export async function buildBlock(kind: Kind, size: number): Promise<Block> {
  const payloads = repeatedPayloads(size)
  const pieces = kind === 'deflate' ? await deflated(payloads) : payloads.map((each) => FRAMING[kind](each))
  let end = 0
  const ends = pieces.map((piece) => {
    end += piece.length
    return end
  })
  return { bytes: Buffer.concat(pieces), ends }
}

const FRAMING: Readonly<Record<Exclude<Kind, 'deflate'>, (content: Buffer) => Buffer>> = {
  ws: (content) => frame(0x81, content),
  sse: (content) => chunk(event(content)),
  // Node.js makes the frames.
  http2: event,
  ndjson: (content) => chunk(Buffer.concat([content, Buffer.from('\n')])),
}

/** A server-sent event. */
function event(content: Buffer): Buffer {
  return Buffer.concat([Buffer.from('data: '), content, Buffer.from('\n\n')])
}

/** An unmasked WebSocket frame (RFC 6455 section 5.2). */
function frame(first: number, content: Buffer): Buffer {
  const { length } = content
  if (length < 126) return Buffer.concat([Buffer.from([first, length]), content])
  const head = Buffer.alloc(length < 65536 ? 4 : 10)
  head[0] = first
  head[1] = length < 65536 ? 126 : 127
  if (length < 65536) head.writeUInt16BE(length, 2)
  else head.writeUInt32BE(length, 6)
  return Buffer.concat([head, content])
}

/** A chunk of the chunked transfer coding (RFC 9112 section 7.1). */
function chunk(content: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`${content.length.toString(16)}\r\n`), content, Buffer.from('\r\n')])
}

/**
 * Messages of permessage-deflate with context takeover (RFC 7692 section 7.2.3.2). The first does not refer to
 * earlier data, so the block can be repeated.
 */
async function deflated(payloads: readonly Buffer[]): Promise<Buffer[]> {
  const deflate = createDeflateRaw()
  const out: Buffer[] = []
  deflate.on('data', (bytes: Buffer) => out.push(bytes))
  const frames: Buffer[] = []
  for (const content of payloads) {
    deflate.write(content)
    await new Promise<void>((resolve) => deflate.flush(constants.Z_SYNC_FLUSH, resolve))
    frames.push(frame(0xc1, Buffer.concat(out.splice(0)).subarray(0, -4)))
  }
  deflate.close()
  return frames
}
