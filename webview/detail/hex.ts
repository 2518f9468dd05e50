/** How a dump of a payload is laid out on the page. */

/** Bytes on a line of the dump, and on one where room is scarce. */
export const LINE_BYTES = { wide: 16, narrow: 8 } as const

/** Lines that `length` bytes take. */
export function hexLineCount(length: number, lineBytes: number): number {
  return Math.ceil(length / lineBytes)
}
