/** Changes one byte of a payload. */

/**
 * A copy with another byte at a random place. In a text, an ASCII character becomes another one, so that the text stays valid
 * UTF-8; a text without ASCII characters gets one at its end.
 */
export function corrupted(payload: Uint8Array, isText: boolean, random: () => number): Uint8Array {
  const place = Math.floor(random() * payload.length)
  const step = Math.floor(random() * (isText ? 93 : 255))
  if (!isText)
    return payload.length === 0 ? payload : changed(payload, place, (byte) => (byte + 1 + step) % 256)
  const at = asciiFrom(payload, place)
  if (at < 0) return Uint8Array.from([...payload, 0x21 + step])
  // Another printable character from "!" to "~", or one of them for a control character.
  return changed(payload, at, (byte) =>
    byte < 0x21 || byte > 0x7e ? 0x21 + step : 0x21 + ((byte - 0x21 + 1 + step) % 94),
  )
}

function changed(payload: Uint8Array, place: number, change: (byte: number) => number): Uint8Array {
  const copy = payload.slice()
  copy[place] = change(copy[place] ?? 0)
  return copy
}

/** The first ASCII character from `place` on, or before it; -1 if there is none. Line ends are kept: they may be framing. */
function asciiFrom(payload: Uint8Array, place: number): number {
  const isChangeable = (byte: number) => byte < 0x80 && byte !== 0x0a && byte !== 0x0d
  const after = payload.subarray(place).findIndex(isChangeable)
  return after < 0 ? payload.subarray(0, place).findLastIndex(isChangeable) : place + after
}
