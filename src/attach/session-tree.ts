/** The sessions of a DevTools connection: which belong to which, and which lead to a target that is followed through another one. */

/** Sessions that are remembered, at most. */
const MAX_SESSIONS = 5000

export class SessionTree {
  /** The session that a session was attached through, by its name; undefined for the connection itself. */
  readonly #parents = new Map<string, string | undefined>()
  /** The targets of the spare sessions. */
  readonly #spares = new Map<string, string>()

  add(session: string, parent: string | undefined): void {
    if (this.#parents.size < MAX_SESSIONS) this.#parents.set(session, parent)
  }

  /** Adds a session that leads to a target that is followed already: Chromium attaches to a service worker from each of its pages. */
  addSpare(session: string, parent: string | undefined, target: string): void {
    if (this.#parents.size >= MAX_SESSIONS) return
    this.add(session, parent)
    this.#spares.set(session, target)
  }

  /** Removes a session that has ended, and those below it, whose end is not reported. Returns them. */
  remove(session: string): readonly string[] {
    const removed = [session]
    for (const each of removed)
      for (const [child, parent] of this.#parents) if (parent === each) removed.push(child)
    for (const each of removed) {
      this.#parents.delete(each)
      this.#spares.delete(each)
    }
    return removed
  }

  /** Takes a spare session that leads to the target; undefined if there is none. */
  takeSpare(target: string): string | undefined {
    for (const [session, each] of this.#spares) {
      if (each !== target) continue
      this.#spares.delete(session)
      return session
    }
    return undefined
  }
}
