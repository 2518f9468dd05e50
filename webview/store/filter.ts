/** What the list is narrowed to: a connection, and groups of event types. */
import { type Kind, unpackKind } from '../../src/shared/columns.ts'
import type { RowTest } from './rows.ts'

/** The groups that can be switched off, each event in exactly one. */
export const GROUPS = ['in', 'out', 'lifecycle', 'control'] as const
export type Group = (typeof GROUPS)[number]

export interface Filter {
  /** Connection number; undefined shows all. */
  readonly connection: number | undefined
  readonly hidden: ReadonlySet<Group>
}

export const NO_FILTER: Filter = { connection: undefined, hidden: new Set() }

/** The group an event belongs to. */
export function groupOf(kind: Kind): Group {
  if (kind.type === 'message') return kind.direction === 'out' ? 'out' : 'in'
  if (kind.type === 'ping' || kind.type === 'pong' || kind.type === 'comment') return 'control'
  return 'lifecycle'
}

/** A fast test for the filter, or undefined where it lets everything through. */
export function compileFilter(filter: Filter): RowTest | undefined {
  if (filter.connection === undefined && filter.hidden.size === 0) return undefined
  const shown = Uint8Array.from({ length: 256 }, (_, kind) =>
    filter.hidden.has(groupOf(unpackKind(kind))) ? 0 : 1,
  )
  const wanted = filter.connection
  if (wanted === undefined) return (segment, offset) => shown[segment.kind[offset] ?? 0] === 1
  return (segment, offset) => segment.connection[offset] === wanted && shown[segment.kind[offset] ?? 0] === 1
}

/** The filter with one group switched. */
export function toggleGroup(filter: Filter, group: Group): Filter {
  const hidden = new Set(filter.hidden)
  if (!hidden.delete(group)) hidden.add(group)
  return { ...filter, hidden }
}

/** The filter narrowed to a connection, or widened again where it was narrowed to that one. */
export function toggleConnection(filter: Filter, connection: number): Filter {
  return { ...filter, connection: filter.connection === connection ? undefined : connection }
}
