/** Records as chunks (RFC 9112 section 7.1), for all clients. */
import type { JsonText } from '../../../capture/recording.ts'
import type { Framing } from '../blocks/block.ts'
import type { BlockBuffer } from '../blocks/block-buffer.ts'
import { type RecordWriter, recordPieces, type Surroundings } from '../record-writers.ts'

const LINE_END = Buffer.from('\r\n')
/** Bytes that a chunk takes besides its data, at most: two line ends and the digits of a safe integer. */
const CHUNK_OVERHEAD = 18

/** A chunk for each record. */
export function chunkFraming(writer: RecordWriter): Framing {
  return {
    get state() {
      return writer.state ?? ''
    },
    set state(state) {
      writer.state = state
    },
    append(head, payload, buffer) {
      if (head.type !== 'message' && head.type !== 'comment') return true
      const { state } = writer
      const around = writer.surround(head, payload)
      if (around === undefined) return true
      if (payload instanceof Uint8Array) {
        appendChunk([...recordPieces(around, payload)], buffer)
        return true
      }
      if (appendText(around, payload, buffer)) return true
      if (state !== undefined) writer.state = state
      return false
    },
  }
}

function appendChunk(pieces: readonly Uint8Array[], buffer: BlockBuffer): void {
  let size = 0
  for (const { length } of pieces) size += length
  // An empty chunk would end the body.
  if (size === 0) return
  appendHex(size, buffer)
  buffer.append(LINE_END)
  for (const piece of pieces) buffer.append(piece)
  buffer.append(LINE_END)
}

/** False if the text is too long for one part, cannot be read, or has line ends that have to be replaced. */
function appendText({ before, after, lineEnd }: Surroundings, text: JsonText, buffer: BlockBuffer): boolean {
  const around = before.length + after.length
  const size = around + text.size
  if (size === 0) return true
  if (!buffer.reserve(around + text.to - text.from + CHUNK_OVERHEAD)) return false
  const start = buffer.size
  appendHex(size, buffer)
  buffer.append(LINE_END)
  buffer.append(before)
  if (!buffer.text(text, lineEnd !== undefined)) {
    buffer.cut(start)
    return false
  }
  buffer.append(after)
  buffer.append(LINE_END)
  return true
}

/** The hexadecimal digits of a whole number. */
function appendHex(value: number, buffer: BlockBuffer): void {
  const rest = Math.floor(value / 16)
  if (rest > 0) appendHex(rest, buffer)
  const digit = value % 16
  buffer.byte(digit < 10 ? 0x30 + digit : 0x57 + digit)
}
