/** Records as chunks (RFC 9112 section 7.1), for all clients. */
import type { Framing } from '../blocks/block.ts'
import type { BlockBuffer } from '../blocks/block-buffer.ts'
import type { RecordWriter } from '../record-writers.ts'

const LINE_END = Buffer.from('\r\n')

/** A chunk for each record. */
export function chunkFraming(writer: RecordWriter): Framing {
  return {
    get state() {
      return writer.state ?? ''
    },
    set state(state) {
      writer.state = state
    },
    append(event, buffer) {
      if (event.type !== 'message' && event.type !== 'comment') return true
      const pieces = writer.write(event) ?? []
      let size = 0
      for (const { length } of pieces) size += length
      // An empty chunk would end the body.
      if (size === 0) return true
      appendHex(size, buffer)
      buffer.append(LINE_END)
      for (const piece of pieces) buffer.append(piece)
      buffer.append(LINE_END)
      return true
    },
  }
}

/** The hexadecimal digits of a whole number. */
function appendHex(value: number, buffer: BlockBuffer): void {
  const rest = Math.floor(value / 16)
  if (rest > 0) appendHex(rest, buffer)
  const digit = value % 16
  buffer.byte(digit < 10 ? 0x30 + digit : 0x57 + digit)
}
