/** Where a decoded value is in the payload, so that a path in it is one that columns and filters know. */
import { type Location, memberStep } from '../../src/shared/text/json-spans.ts'

const MAX_DEPTH = 3
const MAX_MEMBERS = 200

/**
 * The JSONPath of a value in a parsed payload, or null if it is not a part of it. If the payload is undefined because it
 * is not JSON, the path is `$`: columns and filters then look into the decoded value.
 */
export function rootOf(payload: unknown, value: unknown): string | null {
  if (payload === undefined) return '$'
  const location = locationOf(payload, value)
  if (location === undefined) return null
  return `$${location.map((step) => (typeof step === 'number' ? `[${step}]` : memberStep(step))).join('')}`
}

/** The names and indexes that lead to a value in a parsed payload; undefined if it is not a part of it. */
export function locationOf(payload: unknown, value: unknown): Location | undefined {
  return find(payload, JSON.stringify(value), 0)
}

function find(node: unknown, wanted: string, depth: number): Location | undefined {
  if (JSON.stringify(node) === wanted) return []
  if (typeof node !== 'object' || node === null || depth === MAX_DEPTH) return undefined
  for (const [key, each] of Object.entries(node).slice(0, MAX_MEMBERS)) {
    const found = find(each, wanted, depth + 1)
    if (found !== undefined) return [Array.isArray(node) ? Number(key) : key, ...found]
  }
  return undefined
}
