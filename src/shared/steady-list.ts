/** Lists that stay the same object until something in them changes, so that what is made of them is made again only then. */
import type { ConnectionStatus } from './status.ts'

/** The list `before`, if `after` has the same in the same order. Else `after`, with the same objects as before where nothing has changed. */
export function steady<Part>(
  before: readonly Part[],
  after: readonly Part[],
  isSame: (one: Part, other: Part) => boolean,
): readonly Part[] {
  let hasChanged = before.length !== after.length
  const list = after.map((each, at) => {
    const last = before[at]
    if (last !== undefined && (last === each || isSame(last, each))) return last
    hasChanged = true
    return each
  })
  return hasChanged ? list : before
}

/** What names of connections are made of. */
type Addressed = Pick<ConnectionStatus, 'id' | 'transport' | 'url'>

/** Makes something of the ids, transports and URLs of connections, and again only if one of them has changed: the status often does. */
export function ofAddresses<Result>(
  make: (connections: readonly Addressed[]) => Result,
): (connections: readonly Addressed[], removed: readonly Addressed[]) => Result {
  let known: readonly Addressed[] = []
  let result = make(known)
  return (connections, removed) => {
    const all = removed.length === 0 ? connections : [...connections, ...removed]
    const next = steady(known, all, hasSameAddress)
    if (next !== known) result = make(next)
    known = next
    return result
  }
}

function hasSameAddress(one: Addressed, other: Addressed): boolean {
  return one.id === other.id && one.transport === other.transport && one.url === other.url
}
