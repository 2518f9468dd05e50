/**
 * Copies of the first messages of connections. Many are small, and an `ArrayBuffer` for each would take longer than looking at it.
 * The memory is not that of `Buffer.from`, where one of them would keep 64 KiB of other data alive.
 */
const BLOCK = 4096
/** Larger ones have memory of their own. */
const LARGE = BLOCK / 4

let block = new Uint8Array(BLOCK)
let used = 0

/** A copy that stays as it is. */
export function copyOfFirst(payload: Uint8Array): Uint8Array {
  const { length } = payload
  if (length > LARGE) return new Uint8Array(payload)
  if (used + length > BLOCK) {
    block = new Uint8Array(BLOCK)
    used = 0
  }
  const copy = block.subarray(used, used + length)
  copy.set(payload)
  used += length
  return copy
}
