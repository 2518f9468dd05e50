/** Reads the JSON of a message. Limits its depth, because recursive functions print it. */
import { textOf } from '../../values.ts'

const MAX_DEPTH = 500

/** Throws an `Error` if it is not JSON. */
export function readJson(payload: Uint8Array): unknown {
  const value = parsed(textOf(payload))
  if (!isShallow(value, payload.length))
    throw new Error(`The JSON is nested more than ${MAX_DEPTH} levels deep.`)
  return value
}

/** Whether the value of so many bytes is not nested too deep. */
export function isShallow(value: unknown, length: number): boolean {
  // Shorter texts cannot be deeper.
  return length <= MAX_DEPTH || !isDeep(value)
}

/** As `readJson`; undefined if it is not JSON. */
export function tryJson(payload: Uint8Array): unknown {
  try {
    return readJson(payload)
  } catch {
    return undefined
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new Error('The message is not JSON.')
  }
}

/** Level by level, since a recursion could overflow the stack. */
function isDeep(value: unknown): boolean {
  let level: unknown[] = [value]
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > MAX_DEPTH) return true
    level = level.flatMap((each) => (typeof each === 'object' && each !== null ? Object.values(each) : []))
  }
  return false
}
