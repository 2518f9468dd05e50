/** Bytes as hexadecimal digits, and as a dump of offset, bytes and ASCII. */

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

/** Two hexadecimal digits. */
export function hexOf(byte: number): string {
  return HEX[byte] ?? ''
}

/** The character of a byte; `.` if it is not printable ASCII. */
export function asciiOf(byte: number): string {
  return byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.'
}

/** The offset of a line: eight hexadecimal digits. */
export function offsetOf(line: number, lineBytes: number): string {
  return (line * lineBytes).toString(16).padStart(8, '0')
}

export interface HexLine {
  /** Eight hexadecimal digits. */
  readonly offset: string
  /** Groups of eight bytes, padded to full width. */
  readonly hex: string
  /** One character for each byte; `.` if it is not printable ASCII. */
  readonly ascii: string
}

/** A line of a dump with `lineBytes` bytes per line, a multiple of 8. */
export function hexLine(bytes: Uint8Array, line: number, lineBytes: number): HexLine {
  const start = line * lineBytes
  const groups: string[] = []
  let ascii = ''
  for (let group = 0; group < lineBytes; group += 8) {
    const digits: string[] = []
    for (let i = group; i < group + 8; i++) {
      const byte = bytes[start + i]
      digits.push(byte === undefined ? '  ' : hexOf(byte))
      if (byte !== undefined) ascii += asciiOf(byte)
    }
    groups.push(digits.join(' '))
  }
  return { offset: offsetOf(line, lineBytes), hex: groups.join('  '), ascii }
}

/** The whole dump, 16 bytes per line. */
export function hexDump(bytes: Uint8Array): string {
  const lines: string[] = []
  for (let line = 0; line * 16 < bytes.length; line++) {
    const { offset, hex, ascii } = hexLine(bytes, line, 16)
    lines.push(`${offset}  ${hex}  ${ascii}\n`)
  }
  return lines.join('')
}

/** Bytes as hexadecimal digits without separators. */
export function toHex(bytes: Uint8Array): string {
  const parts: string[] = []
  for (const byte of bytes) parts.push(hexOf(byte))
  return parts.join('')
}
