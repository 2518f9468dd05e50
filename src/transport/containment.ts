/** Keeps what the callbacks of one connection throw away from every other connection of the process. */
import { AsyncLocalStorage } from 'node:async_hooks'

type Owner = (thrown: unknown) => void

/**
 * Whoever is at work. Node carries it into every callback that the work leads to: those of sockets, timers, streams,
 * promises and event targets, of libraries too. So nothing needs to be wrapped by itself, or can be forgotten.
 */
const owners = new AsyncLocalStorage<Owner | undefined>()

/** Runs the function as the work of an owner, who is given what nothing catches in it or in what it leads to. */
export function ownedBy<T>(owner: Owner, run: () => T): T {
  return owners.run(owner, run)
}

/** Runs a function that is not the owner's: what it leads to may fail for reasons of its own. */
export function unowned<T>(run: () => T): T {
  return owners.run(undefined, run)
}

/**
 * Gives what nothing caught to the owner in whose callback it was thrown; for a listener of `uncaughtException`, which
 * Node calls in the context of that callback. Returns false if the work was nobody's.
 */
export function giveToOwner(thrown: unknown): boolean {
  const owner = owners.getStore()
  owner?.(thrown)
  return owner !== undefined
}
