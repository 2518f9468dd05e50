/** The color and the name of each connection: those of the user, that of its request, or those that it has by itself. */
import type { Named } from './connection-names.ts'

/** Number of colors; the classes of the page are `connection-1` and so on, see tokens.css. */
export const COLORS = 5
export const MAX_CONNECTION_NAME = 60

/** The names and the color of a connection that replace its own. */
export interface ConnectionLabel {
  readonly connection: number
  /** The name that the user gave it. */
  readonly name?: string
  /** Its name if the user gave it none, such as that of its request. */
  readonly suggested?: string
  /** The color that the user gave it, from 1 to `COLORS`. */
  readonly color?: number
}

/** The color of a connection, from 1 to `COLORS`. */
export function colorOf(connection: number, label: ConnectionLabel | undefined): number {
  return label?.color ?? ((connection - 1) % COLORS) + 1
}

/** The names of connections: those of `labels`, and their `own` names, which distinguish them. Equal suggestions get numbers. */
export function labelNames(
  own: ReadonlyMap<Named['id'], string>,
  labels: ReadonlyMap<number, ConnectionLabel>,
): ReadonlyMap<number, string> {
  if (labels.size === 0) return own
  const counts = new Map<string | undefined, number>()
  for (const id of own.keys()) {
    const suggested = labels.get(id)?.suggested
    counts.set(suggested, (counts.get(suggested) ?? 0) + 1)
  }
  const suggestedOf = (id: number, { suggested }: ConnectionLabel): string | undefined =>
    suggested !== undefined && (counts.get(suggested) ?? 0) > 1 ? `${suggested} (${id})` : suggested
  return new Map(
    [...own].map(([id, name]) => {
      const label = labels.get(id)
      return [id, label === undefined ? name : (label.name ?? suggestedOf(id, label) ?? name)]
    }),
  )
}
