/** Messages that say which they are: the same number and size give the same bytes on either side. */

/**
 * Message number `n`, counted from 0: `size` bytes of ASCII, 64 at least and 125 at most, which fit a frame header
 * of two bytes (RFC 6455 section 5.2).
 */
export function sequenced(n: number, size: number): string {
  const text = `{"type":"tick","n":${n},"price":${1000 + ((n * 7919) % 9000)},"pad":"`
  return `${text}${'-'.repeat(size - text.length - 2)}"}`
}
