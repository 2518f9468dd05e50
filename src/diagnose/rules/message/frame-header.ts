/** The header of a WebSocket frame (RFC 6455 section 5.2). */

/** Bytes of a masking key, which clients send. */
const MASK = 4

/** Bytes of the header of a frame with so many bytes of payload. */
export function headerSize(payload: number, isMasked: boolean): number {
  return (payload < 126 ? 2 : payload < 65_536 ? 4 : 10) + (isMasked ? MASK : 0)
}

/** Bytes of the header of a frame that takes so many bytes in all. */
export function headerWithin(frame: number, isMasked: boolean): number {
  const unmasked = isMasked ? frame - MASK : frame
  return (unmasked < 2 + 126 ? 2 : unmasked < 4 + 65_536 ? 4 : 10) + (isMasked ? MASK : 0)
}
