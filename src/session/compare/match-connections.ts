/** Matches the connections of one recording with those of the other. */

import { addTo } from '../../shared/maps.ts'
import type { IndexedConnection } from './index-recording.ts'
import type { Lifecycle } from './lifecycle.ts'

/** A side is undefined if its recording has no such connection. */
export interface MatchedConnections {
  readonly a: IndexedConnection | undefined
  readonly b: IndexedConnection | undefined
}

/** What must be equal, from strict to nothing. */
const LEVELS: readonly ((connection: IndexedConnection) => string)[] = [
  ({ lifecycle, request }) => `${placeOf(lifecycle)} ${lifecycle.method} ${request}`,
  ({ lifecycle }) => `${placeOf(lifecycle)} ${lifecycle.method}`,
  ({ lifecycle }) => placeOf(lifecycle),
  ({ lifecycle }) => lifecycle.transport,
  ({ lifecycle }) => lifecycle.path,
  () => '',
]

function placeOf({ transport, path }: Lifecycle): string {
  return `${transport} ${path}`
}

/**
 * Matches by transport, URL path and the first request, then by less of them, then by order. Within each group, in order.
 */
export function matchConnections(
  a: readonly IndexedConnection[],
  b: readonly IndexedConnection[],
): MatchedConnections[] {
  const partners = new Map<IndexedConnection, IndexedConnection>()
  let rest = [...b]
  for (const keyOf of LEVELS) {
    const waiting = new Map<string, IndexedConnection[]>()
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
