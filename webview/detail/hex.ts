/** A payload as hexadecimal bytes beside their ASCII. */

/** Bytes on a line of the dump, and on one where room is scarce. */
export const LINE_BYTES = { wide: 16, narrow: 8 } as const

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

export interface HexLine {
  /** Eight hexadecimal digits. */
  readonly offset: string
  /** Groups of eight bytes, padded to full width. */
  readonly hex: string
  /** One character a byte; `.` where it is not printable ASCII. */
  readonly ascii: string
}

/** Lines that `length` bytes take. */
export function hexLineCount(length: number, lineBytes: number): number {
  return Math.ceil(length / lineBytes)
}

/** Line number `line` of the dump. */
export function hexLine(bytes: Uint8Array, line: number, lineBytes: number): HexLine {
  const start = line * lineBytes
  const groups: string[] = []
  let ascii = ''
  for (let group = 0; group < lineBytes; group += 8) {
    const digits: string[] = []
    for (let i = group; i < group + 8; i++) {
      const byte = bytes[start + i]
      digits.push(byte === undefined ? '  ' : (HEX[byte] ?? ''))
      if (byte !== undefined) ascii += byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.'
    }
    groups.push(digits.join(' '))
  }
  return { offset: start.toString(16).padStart(8, '0'), hex: groups.join('  '), ascii }
}

/** Bytes as hexadecimal digits without separators. */
export function toHex(bytes: Uint8Array): string {
  const parts: string[] = []
  for (const byte of bytes) parts.push(HEX[byte] ?? '')
  return parts.join('')
}
