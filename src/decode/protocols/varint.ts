/** Integers in groups of 7 bits, the lowest first, as MQTT, SignalR and Yjs write them (LEB128). */

export interface Varint {
  readonly value: number
  /** Where it ends. */
  readonly end: number
}

/** The number at an index; undefined if it is incomplete or has more than `most` bytes. */
export function varintAt(
  bytes: { at(index: number): number | undefined },
  start: number,
  most: number,
): Varint | undefined {
  let value = 0
  for (let index = 0; index < most; index++) {
    const byte = bytes.at(start + index)
    if (byte === undefined) return undefined
    value += (byte & 0x7f) * 128 ** index
    if (byte < 0x80) return { value, end: start + index + 1 }
  }
  return undefined
}
