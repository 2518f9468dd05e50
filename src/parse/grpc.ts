/** The frames of gRPC-Web and of Connect: a byte of flags, the length of the message, and the message. */
import { gunzipSync } from 'node:zlib'
import { Failure } from '../shared/failure.ts'
import { fieldsOf } from '../shared/fields.ts'
import { latin1 } from '../shared/text/decode.ts'
import { tryParseJson } from '../shared/text/json-text.ts'
import { type ParserOptions, type RecordParser, type RecordSink, tooLarge } from './record.ts'
import { decodeUtf8 } from './utf8.ts'
import { Window } from './window.ts'

/** Flags, and the length as an unsigned 32-bit big-endian integer. */
export const GRPC_HEAD = 5
export const GRPC_FLAGS = { compressed: 0x01, endOfStream: 0x02, trailers: 0x80 } as const
const END_FLAGS = GRPC_FLAGS.endOfStream | GRPC_FLAGS.trailers
const KNOWN_FLAGS = GRPC_FLAGS.compressed | GRPC_FLAGS.endOfStream | GRPC_FLAGS.trailers
/** Bytes of trailers that are read. */
const MAX_TRAILERS = 16 * 1024

/**
 * Makes a record of each frame, with its head, because the flags say whether it is compressed, a message, or the end. The fields of
 * gRPC-Web's last frame are the trailers of the body (PROTOCOL-WEB.md of gRPC).
 */
export class GrpcParser implements RecordParser {
  readonly #limit: number
  readonly #sink: RecordSink
  readonly #window = new Window()
  trailers: Readonly<Record<string, string>> | undefined
  error: string | undefined

  constructor({ maxRecordSize }: ParserOptions, sink: RecordSink) {
    this.#limit = maxRecordSize
    this.#sink = sink
  }

  push(chunk: Uint8Array): void {
    this.#window.add(chunk)
    while (this.#next()) {}
    this.#window.keep()
  }

  end(): void {
    const { length, position, view, head } = this.#window
    if (length === 0) return
    this.#sink({
      kind: 'record',
      payload: view.subarray(head),
      start: position,
      end: position + length,
      truncated: true,
    })
  }

  #ended(flags: number, given: Uint8Array): void {
    const content = (flags & GRPC_FLAGS.compressed) === 0 ? given : inflatedFrame(given)
    if (content === undefined) return
    if ((flags & GRPC_FLAGS.trailers) !== 0)
      this.trailers = trailersIn(latin1(content.subarray(0, MAX_TRAILERS)))
    else this.#endOfStream(content)
  }

  /** The end of a stream of Connect: JSON with the metadata that are its trailers, and the error. */
  #endOfStream(bytes: Uint8Array): void {
    const end = fieldsOf(tryParseJson(decodeUtf8(bytes.subarray(0, MAX_TRAILERS))))
    const metadata = Object.entries(fieldsOf(end.metadata)).flatMap(([name, values]) =>
      Array.isArray(values) ? [[name.toLowerCase(), values.map(text).join(', ')] as const] : [],
    )
    if (metadata.length > 0) this.trailers = Object.fromEntries(metadata)
    if (end.error === undefined) return
    const { code, message } = fieldsOf(end.error)
    this.error = [code, message].map(text).filter(Boolean).join(': ') || 'unknown'
  }

  #next(): boolean {
    const window = this.#window
    const { view, head } = window
    if (window.length < GRPC_HEAD) return false
    const flags = view[head] ?? 0
    if (hasUnknownFlags(flags)) throw notFramed(flags)
    const size = new DataView(view.buffer, view.byteOffset).getUint32(head + 1)
    if (size > this.#limit) throw tooLarge('message', this.#limit)
    const end = head + GRPC_HEAD + size
    if (end > view.length) return false
    const payload = view.subarray(head, end)
    const content = payload.subarray(GRPC_HEAD)
    if ((flags & END_FLAGS) !== 0) this.#ended(flags, content)
    const start = window.position
    window.head = end
    this.#sink({ kind: 'record', payload, start, end: window.base + end })
    return true
  }
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

function notFramed(flags: number): Failure {
  return new Failure(
    'BAD_FRAMING',
    `The stream is not in frames of gRPC: one begins with the byte 0x${flags.toString(16).padStart(2, '0')}, which has unknown flags. Name another framing, such as raw.`,
  )
}

/** Whether a byte cannot be the flags of a frame. */
export function hasUnknownFlags(flags: number): boolean {
  return (flags & ~KNOWN_FLAGS) !== 0
}

/** The fields in the text of a frame of trailers, with names in lower case. */
export function trailersIn(text: string): Readonly<Record<string, string>> {
  const fields = new Map<string, string>()
  for (const line of text.split('\r\n')) {
    const colon = line.indexOf(':')
    if (colon > 0) fields.set(line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim())
  }
  return Object.fromEntries(fields)
}

/** Media types whose bodies are in such frames. Of `-text`, they are in Base64. */
const FRAMED = /^application\/(?:grpc(?:-web)?|connect)\+(?:proto|json)$|^application\/grpc(?:-web)?$/

/** Whether a body of that media type is in frames, as bytes. */
export function isGrpcType(essence: string): boolean {
  return FRAMED.test(essence)
}

/** Whether bytes are whole frames. */
export function areFrames(bytes: Uint8Array): boolean {
  let at = 0
  while (at + GRPC_HEAD <= bytes.length) {
    if (hasUnknownFlags(bytes[at] ?? 0)) return false
    at += GRPC_HEAD + new DataView(bytes.buffer, bytes.byteOffset).getUint32(at + 1)
  }
  return at === bytes.length && at > 0
}

/** Bytes of a compressed frame that are made of it. */
const MAX_INFLATED = 4 * 1024 * 1024

/** The content of a compressed frame, which is almost always gzip; undefined for another coding, or too much content. */
export function inflatedFrame(bytes: Uint8Array): Uint8Array | undefined {
  try {
    return gunzipSync(bytes, { maxOutputLength: MAX_INFLATED })
  } catch {
    // The bytes of the frame stay as they are.
    return undefined
  }
}

/** A message in a frame. */
export function grpcFrame(message: Uint8Array, flags = 0): Buffer {
  const head = Buffer.alloc(GRPC_HEAD)
  head[0] = flags
  head.writeUInt32BE(message.length, 1)
  return Buffer.concat([head, message])
}
