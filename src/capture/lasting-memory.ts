/**
 * Memory that is kept long. V8 counts that of an `ArrayBuffer` against the limit for its own objects: it marked its whole heap for
 * each 24 MB, which took a fifth of the time of a flood of small events. It does not count shared memory.
 */
const MB = 1024 * 1024
/** Bytes that may be garbage without V8 knowing of it. */
const UNKNOWN = 32 * MB
/** More than the memory outside of its heap that V8 leaves uncollected. It is not touched, so that it takes no memory. */
const NOTICED = 96 * MB

/** Pages of browsers may have no shared memory. */
const Memory: new (bytes: number) => ArrayBufferLike = globalThis.SharedArrayBuffer ?? ArrayBuffer

let unknown = 0

/** Memory that is filled with zeros. Call `letGo` when you no longer use it. */
export function lastingMemory(bytes: number): ArrayBufferLike {
  return new Memory(bytes)
}

/** Lets V8 look for garbage soon if it does not know of much. */
export function letGo(bytes: number): void {
  unknown += bytes
  if (unknown < UNKNOWN) return
  unknown = 0
  try {
    void new ArrayBuffer(NOTICED)
  } catch {
    // V8 collects garbage before it throws.
  }
}
