/** Matches the connections of one recording with those of the other. */

import { addTo } from '../../shared/maps.ts'
import type { LifecycleFacts } from './lifecycle.ts'
import type { ConnectionIndex } from './recording-index.ts'

/** A side is undefined if its recording has no such connection. */
export interface MatchedConnections {
  readonly a: ConnectionIndex | undefined
  readonly b: ConnectionIndex | undefined
}

/** What must be equal, from strict to nothing. */
const LEVELS: readonly ((connection: ConnectionIndex) => string)[] = [
  ({ lifecycle, request }) => `${placeOf(lifecycle)} ${lifecycle.method} ${request}`,
  ({ lifecycle }) => `${placeOf(lifecycle)} ${lifecycle.method}`,
  ({ lifecycle }) => placeOf(lifecycle),
  ({ lifecycle }) => lifecycle.transport,
  ({ lifecycle }) => lifecycle.path,
  () => '',
]

function placeOf({ transport, path }: LifecycleFacts): string {
  return `${transport} ${path}`
}

/**
 * Matches by transport, URL path and the first request, then by less of them, then by order. Within each group, in order.
 */
export function matchConnections(
  a: readonly ConnectionIndex[],
  b: readonly ConnectionIndex[],
): MatchedConnections[] {
  const partners = new Map<ConnectionIndex, ConnectionIndex>()
  let rest = [...b]
  for (const keyOf of LEVELS) {
    const waiting = new Map<string, ConnectionIndex[]>()
    for (const connection of rest.toReversed()) addTo(waiting, keyOf(connection), connection)
    for (const connection of a) {
      if (partners.has(connection)) continue
      const found = waiting.get(keyOf(connection))?.pop()
      if (found !== undefined) partners.set(connection, found)
    }
    const taken = new Set(partners.values())
    rest = rest.filter((connection) => !taken.has(connection))
  }
  return [
    ...a.map((connection) => ({ a: connection, b: partners.get(connection) })),
    ...rest.map((connection) => ({ a: undefined, b: connection })),
  ]
}
