/** Numbered JSON payloads of an exact size, like those of a market feed. */

const VENUES = ['XNAS', 'XNYS', 'BATS', 'ARCX']

function price(seed: number): number {
  return (((seed * 7919) % 9000) + 1000) / 10
}

function order(seed: number): string {
  const side = seed % 2 === 0 ? 'buy' : 'sell'
  return `{"price":${price(seed)},"size":${(seed * 31) % 997},"side":"${side}","venue":"${VENUES[seed % 4]}"}`
}

/** Builds payload number `n` of `size` bytes, at least 64. */
export function payload(n: number, size: number): Buffer {
  const end = '"}'
  let text = `{"n":${1000 + (n % 9000)},"price":${price(n)}`
  const orders: string[] = []
  let length = text.length + '"orders":[],"pad":"'.length + end.length
  for (let seed = n * 13; ; seed++) {
    const next = order(seed)
    if (length + next.length + 2 > size) break
    orders.push(next)
    length += next.length + 1
  }
  if (orders.length > 0) text += `,"orders":[${orders.join(',')}]`
  text += ',"pad":"'
  return Buffer.from(text + '-'.repeat(size - text.length - end.length) + end)
}
