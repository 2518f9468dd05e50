/** The groups of events that lists can hide. Each event is in exactly one. */
import { KIND_COUNT, type Kind, unpackKind } from './event-columns.ts'
import { EVENT_TRAITS } from './event-types.ts'

export const GROUPS = ['in', 'out', 'lifecycle', 'control'] as const
export type Group = (typeof GROUPS)[number]

/** The group of an event. */
export function groupOf({ type, direction }: Pick<Kind, 'type' | 'direction'>): Group {
  const { group } = EVENT_TRAITS[type]
  return group === 'message' ? (direction ?? 'in') : group
}

/** An array of flags by packed kind: 1 if its group is not hidden. */
export function shownKinds(hidden: Iterable<Group>): Uint8Array {
  const off = new Set(hidden)
  return Uint8Array.from({ length: KIND_COUNT }, (_, kind) => (off.has(groupOf(unpackKind(kind))) ? 0 : 1))
}
