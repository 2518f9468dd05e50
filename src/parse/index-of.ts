/**
 * The first place of a byte from `from` on, or -1: as `Uint8Array.prototype.indexOf`, but by C's `memchr`, which takes
 * a tenth of the time where it is far.
 */
export function indexOfByte(bytes: Uint8Array, byte: number, from: number): number {
  return Buffer.prototype.indexOf.call(bytes, byte, from)
}
