/** The demo's simulated market: random prices, trades, quotes and order books. */

const SYMBOLS = ['ACME', 'GLOBEX', 'INITECH', 'UMBRELLA'] as const
const VENUES = ['XLON', 'XNAS', 'XETR'] as const
const LEVELS = 20

const prices = new Map<string, number>(SYMBOLS.map((symbol, index) => [symbol, 40 + index * 31]))

export function pick<T>(from: readonly [T, ...T[]]): T {
  return from[Math.floor(Math.random() * from.length)] ?? from[0]
}

/** A random number between the two. */
export function between(low: number, high: number): number {
  return low + Math.random() * (high - low)
}

function cents(value: number): number {
  return Math.round(value * 100) / 100
}

function move(symbol: string): number {
  const before = prices.get(symbol) ?? 100
  const after = Math.max(1, before + between(-0.4, 0.4))
  prices.set(symbol, after)
  return cents(after)
}

/** `sequence` counts the messages of one connection; without it, the message has none. */
export function trade(sequence?: number) {
  const symbol = pick(SYMBOLS)
  const size = pick([100, 200, 300, 500, 1200])
  return { type: 'trade', sequence, symbol, price: move(symbol), size, venue: pick(VENUES) }
}

export function quote(sequence?: number) {
  const symbol = pick(SYMBOLS)
  const price = move(symbol)
  return { type: 'quote', sequence, symbol, bid: cents(price - 0.05), ask: cents(price + 0.05) }
}

/** A complete order book: a few kilobytes that compress well. */
export function book(sequence?: number) {
  const symbol = pick(SYMBOLS)
  const price = move(symbol)
  const side = (sign: number) =>
    Array.from({ length: LEVELS }, (_, level) => ({
      price: cents(price + sign * (level + 1) * 0.05),
      size: Math.round(between(1, 60)) * 100,
      orders: Math.round(between(1, 9)),
    }))
  return { type: 'book', sequence, symbol, bids: side(-1), asks: side(1) }
}

/** All last prices in binary: sequence (u32), then each price in hundredths (u32), big-endian. */
export function packedPrices(sequence: number): Buffer {
  const packed = Buffer.alloc(4 + 4 * prices.size)
  packed.writeUInt32BE(sequence, 0)
  for (const [index, price] of [...prices.values()].entries()) {
    packed.writeUInt32BE(Math.round(price * 100), 4 + 4 * index)
  }
  return packed
}
