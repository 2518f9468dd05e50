/** Reads the JSON of a message. Limits its depth, because recursive functions print it. */
import { tryParseJson } from '../../../shared/text/json-text.ts'
import { textOf } from '../../values.ts'

const MAX_DEPTH = 500

/** Throws an `Error` if it is not JSON. */
export function readJson(payload: Uint8Array): unknown {
  const value = tryParseJson(textOf(payload))
  if (value === undefined) throw new Error('The message is not JSON.')
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
  const value = tryParseJson(textOf(payload))
  return isShallow(value, payload.length) ? value : undefined
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
