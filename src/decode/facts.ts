/** Reads the facts of a connection, for decoders. */
import type { ConnectionFacts } from './decoder.ts'

/** Computes a value once for each object with facts, because it is needed for every message. */
export function onceForFacts<T>(compute: (facts: ConnectionFacts) => T): (facts: ConnectionFacts) => T {
  const known = new WeakMap<ConnectionFacts, { readonly value: T }>()
  return (facts) => {
    const cached = known.get(facts)
    if (cached !== undefined) return cached.value
    const value = compute(facts)
    known.set(facts, { value })
    return value
  }
}

export function urlOf(text = ''): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined
}

/** The value of a header field, in one text. */
export function headerOf(headers: ConnectionFacts['requestHeaders'], name: string): string | undefined {
  if (headers === undefined) return undefined
  for (const [each, value] of Object.entries(headers))
    if (each.toLowerCase() === name) return typeof value === 'string' ? value : value.join(', ')
  return undefined
}
