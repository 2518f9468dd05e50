const QUOTE = 0x22
const BACKSLASH = 0x5c

/** Whether a byte is JSON white space: space, tab, LF or CR (RFC 8259 section 2). */
export function isJsonSpace(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x09 || byte === 0x0a || byte === 0x0d
}

/** The bytes that end an object, an array or a string. */
export const JSON_ENDS: ReadonlySet<number> = new Set([0x7d, 0x5d, QUOTE])

/** The bytes without JSON white space at either end. */
export function trimJson(bytes: Uint8Array): Uint8Array {
  let start = 0
  let end = bytes.length
  while (start < end && isJsonSpace(bytes[start])) start++
  while (end > start && isJsonSpace(bytes[end - 1])) end--
  return bytes.subarray(start, end)
}

/**
 * Whether the last byte of a JSON text shows that it is complete. A number, `true`, `false` or `null` could be the
 * beginning of a longer one (RFC 7464 section 2.4).
 */
export function isSelfDelimiting(text: Uint8Array): boolean {
  return JSON_ENDS.has(trimJson(text).at(-1) ?? 0)
}

/** Whether the bytes are JSON texts, and the last of them is certainly complete. */
export function endsWithWholeText(bytes: Uint8Array): boolean {
  if (!isSelfDelimiting(bytes)) return false
  const depth = new JsonDepth()
  for (const byte of bytes) depth.take(byte)
  return depth.outside
}

/** Tracks the brackets and strings of a JSON text byte by byte, without validating it. */
export class JsonDepth {
  #depth = 0
  #inString = false
  #escaped = false

  /** How many brackets are open; undefined inside a string. */
  get level(): number | undefined {
    return this.#inString ? undefined : this.#depth
  }

  /** Whether the position is outside of all brackets and strings. */
  get outside(): boolean {
    return this.#depth === 0 && !this.#inString
  }

  take(byte: number): void {
    if (this.#escaped) this.#escaped = false
    else if (this.#inString) {
      if (byte === QUOTE) this.#inString = false
      else if (byte === BACKSLASH) this.#escaped = true
    } else if (byte === QUOTE) this.#inString = true
    else if (byte === 0x7b || byte === 0x5b) this.#depth++
    else if ((byte === 0x7d || byte === 0x5d) && this.#depth > 0) this.#depth--
  }
}
