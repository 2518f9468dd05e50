/** The part of the session that the list shows, apart from the filter's text: a connection, groups of event types, a time range. */
import { type Group, shownKinds } from '../../src/shared/groups.ts'
import type { TimeRange } from '../../src/shared/protocol/filtering.ts'
import type { RowTest } from './events/rows.ts'

export { GROUPS, type Group, groupOf } from '../../src/shared/groups.ts'

export interface Scope {
  /** Connection number. Undefined shows all connections. */
  readonly connection: number | undefined
  readonly hidden: ReadonlySet<Group>
  readonly range?: TimeRange | undefined
  /** Connections whose events are not shown, because the user removed them. */
  readonly removed: ReadonlySet<number>
}

export const WHOLE_SESSION: Scope = { connection: undefined, hidden: new Set(), removed: new Set() }

/** A fast test for the scope, or undefined if every event is in it. */
export function compileScope(scope: Scope): RowTest | undefined {
  const { connection: wanted, range, removed } = scope
  if (wanted === undefined && scope.hidden.size === 0 && range === undefined && removed.size === 0)
    return undefined
  const shown = shownKinds(scope.hidden)
  const from = range?.from ?? Number.NEGATIVE_INFINITY
  const to = range?.to ?? Number.POSITIVE_INFINITY
  return (segment, offset) => {
    const time = segment.time[offset] ?? 0
    return (
      time >= from &&
      time <= to &&
      shown[segment.kind[offset] ?? 0] === 1 &&
      (wanted === undefined || segment.connection[offset] === wanted) &&
      (removed.size === 0 || !removed.has(segment.connection[offset] ?? 0))
    )
  }
}

/** The scope with one group shown or hidden. */
export function toggleGroup(scope: Scope, group: Group): Scope {
  const hidden = new Set(scope.hidden)
  if (!hidden.delete(group)) hidden.add(group)
  return { ...scope, hidden }
}

/** The scope narrowed to a connection, or widened again if it was narrowed to that connection. */
export function toggleConnection(scope: Scope, connection: number): Scope {
  return { ...scope, connection: scope.connection === connection ? undefined : connection }
}
