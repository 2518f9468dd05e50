/** Frames that the proxy makes (RFC 6455 section 5.2). */
import { randomBytes } from 'node:crypto'
import { KEY_SIZE } from '../../transport/websocket/frame-rules.ts'
import { unmask } from '../../transport/websocket/unmask.ts'

const FIN = 0x80
const MASK = 0x80
const OPCODES = { text: 1, binary: 2 } as const

/** An uncompressed message in one frame; masked as a client's if `masked`. */
export function messageFrame(
  opcode: keyof typeof OPCODES,
  payload: Uint8Array,
  { masked }: { readonly masked: boolean },
): Uint8Array {
  const { length } = payload
  const lengthSize = length < 126 ? 0 : length < 65_536 ? 2 : 8
  const start = 2 + lengthSize + (masked ? KEY_SIZE : 0)
  const frame = Buffer.alloc(start + length)
  frame[0] = FIN | OPCODES[opcode]
  frame[1] = (masked ? MASK : 0) | (lengthSize === 0 ? length : lengthSize === 2 ? 126 : 127)
  if (lengthSize === 2) frame.writeUInt16BE(length, 2)
  if (lengthSize === 8) frame.writeBigUInt64BE(BigInt(length), 2)
  frame.set(payload, start)
  if (masked) {
    frame.set(randomBytes(KEY_SIZE), start - KEY_SIZE)
    // Masking and unmasking are the same.
    unmask(frame, start, length, frame, start - KEY_SIZE)
  }
  return frame
}
