/** A value for each direction of a connection. */
import type { Direction } from '../shared/event.ts'

export type ByDirection<T> = Readonly<Record<Direction, T>>

export function copied<T extends { copy(): T }>({
  in: incoming,
  out: outgoing,
}: ByDirection<T>): ByDirection<T> {
  return { in: incoming.copy(), out: outgoing.copy() }
}
