/** What the list is narrowed to besides the text of a filter: a connection, groups of event types, a range of time. */
import { type Group, shownKinds } from '../../src/shared/groups.ts'
import type { TimeRange } from '../../src/shared/protocol/filtering.ts'
import type { RowTest } from './events/rows.ts'

export { GROUPS, type Group, groupOf } from '../../src/shared/groups.ts'

export interface Filter {
  /** Connection number; undefined shows all. */
  readonly connection: number | undefined
  readonly hidden: ReadonlySet<Group>
  readonly range?: TimeRange | undefined
}

export const NO_FILTER: Filter = { connection: undefined, hidden: new Set() }

/** A fast test for the filter, or undefined where it lets everything through. */
export function compileFilter(filter: Filter): RowTest | undefined {
  const { connection: wanted, range } = filter
  if (wanted === undefined && filter.hidden.size === 0 && range === undefined) return undefined
  const shown = shownKinds(filter.hidden)
  const from = range?.from ?? Number.NEGATIVE_INFINITY
  const to = range?.to ?? Number.POSITIVE_INFINITY
  return (segment, offset) => {
    const time = segment.time[offset] ?? 0
    return (
      time >= from &&
      time <= to &&
      shown[segment.kind[offset] ?? 0] === 1 &&
      (wanted === undefined || segment.connection[offset] === wanted)
    )
  }
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
