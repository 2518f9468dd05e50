/** Random bytes for handshakes and masking keys, taken from a stock: a call of `node:crypto` for each would take longer. */
import { randomFillSync } from 'node:crypto'

const STOCK = 4096
let stock: Uint8Array | undefined
let used = STOCK

/** The next `count` bytes, at most 4096, which nothing else gets. Valid until the next call. */
export function takeRandomBytes(count: number): Uint8Array {
  stock ??= new Uint8Array(STOCK)
  if (used + count > STOCK) {
    randomFillSync(stock)
    used = 0
  }
  used += count
  return stock.subarray(used - count, used)
}
