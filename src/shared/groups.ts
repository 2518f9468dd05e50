/** The groups of events that lists switch on and off, each event in exactly one. */
import { type Kind, unpackKind } from './columns.ts'
import { EVENT_TRAITS } from './event-types.ts'

export const GROUPS = ['in', 'out', 'lifecycle', 'control'] as const
export type Group = (typeof GROUPS)[number]

/** The group an event belongs to. */
export function groupOf({ type, direction }: Pick<Kind, 'type' | 'direction'>): Group {
  const { group } = EVENT_TRAITS[type]
  return group === 'message' ? (direction ?? 'in') : group
}

/** For each packed kind, 1 where its group is not among the hidden. */
export function shownKinds(hidden: Iterable<Group>): Uint8Array {
  const off = new Set(hidden)
  return Uint8Array.from({ length: 256 }, (_, kind) => (off.has(groupOf(unpackKind(kind))) ? 0 : 1))
}
