interface Transferable {
  /** ES2024; absent in Node 20. */
  readonly transfer?: (length: number) => ArrayBuffer
}

/**
 * Releases the memory of a socket's chunk at once, if the chunk is all of its buffer. Under a flood, chunks are almost
 * the only garbage. The collector would let them pile up and then pause to release all of them together.
 */
export function freeBytes({ buffer, byteLength }: Uint8Array): void {
  if (byteLength === buffer.byteLength) (buffer as Transferable).transfer?.(0)
}
