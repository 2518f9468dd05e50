/** Payloads of an exact size: JSON text as a market feed sends it, each with its number. */

/** Builds payload number `n` of `size` bytes; 32 at least. */
export function payload(n: number, size: number): Buffer {
  const id = String(n % 1000).padStart(3, '0')
  const head = `{"n":${id},"price":${(((n * 7919) % 9000) + 1000) / 10}`
  const padded = `${head.padEnd(19, ' ')},"text":"`
  const text = Buffer.alloc(size, 0x20)
  text.write(padded)
  // Text that deflates about as JSON does.
  for (let at = padded.length, word = n; at < size - 2; at += 8, word = (word * 48_271) % 2_147_483_647)
    text.write(
      word
        .toString(36)
        .padEnd(8, 'e')
        .slice(0, Math.min(8, size - 2 - at)),
      at,
    )
  text.write('"}', size - 2)
  return text
}
