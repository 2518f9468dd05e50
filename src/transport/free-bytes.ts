interface Transferable {
  /** ES2024; Node 20 has none. */
  readonly transfer?: (length: number) => ArrayBuffer
}

/**
 * Gives the memory of bytes back at once, where they are all there is in it; for the chunks of a socket. A flood
 * makes hardly any garbage but these, so the collector would let them pile up, and then stop for all of them.
 */
export function freeBytes({ buffer, byteLength }: Uint8Array): void {
  if (byteLength === buffer.byteLength) (buffer as Transferable).transfer?.(0)
}
