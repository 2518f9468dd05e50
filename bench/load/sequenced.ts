/** Numbered messages: sender and verifier build the same bytes from the same number and size. */

/**
 * Message number `n`, from 0: `size` bytes of ASCII, from 64 to 125, so that the frame header has two bytes
 * (RFC 6455 section 5.2).
 */
export function sequenced(n: number, size: number): string {
  const text = `{"type":"tick","n":${n},"price":${1000 + ((n * 7919) % 9000)},"pad":"`
  return `${text}${'-'.repeat(size - text.length - 2)}"}`
}
