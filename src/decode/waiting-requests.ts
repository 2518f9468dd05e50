/** The requests of one direction that wait for an answer, by key. */

import type { PairingKey } from './decoder.ts'

/** Maximum number. If there are more, the oldest are forgotten. */
const MAX_WAITING = 10_000

/** Requests in the order in which they were added, by key. */
interface Entries<T> {
  readonly keys: readonly PairingKey[]
  readonly requests: readonly T[]
}

export class WaitingRequests<T> {
  /** All but the latest. Most conversations have only one, and maps are slow if each entry is soon deleted. */
  readonly #earlier = new Map<PairingKey, T>()
  /** What a copy has to put into `#earlier` first. Most copies are only kept, and making a map takes milliseconds. */
  #copied: Entries<T> | undefined
  /** Continues where it stopped: a new iterator would step over everything that was deleted before. */
  #oldest = this.#earlier.keys()
  #key: PairingKey | undefined
  #latest: T | undefined

  copy(copyOf?: (request: T) => T): WaitingRequests<T> {
    const copy = new WaitingRequests<T>()
    const { keys, requests } = this.#copied ?? {
      keys: Array.from(this.#earlier.keys()),
      requests: Array.from(this.#earlier.values()),
    }
    if (keys.length > 0) copy.#copied = { keys, requests: copyOf ? requests.map(copyOf) : requests }
    copy.#key = this.#key
    copy.#latest = this.#latest !== undefined && copyOf ? copyOf(this.#latest) : this.#latest
    return copy
  }

  get size(): number {
    const earlier = this.#copied?.keys.length ?? this.#earlier.size
    return earlier + (this.#latest === undefined ? 0 : 1)
  }

  get(key: PairingKey): T | undefined {
    if (this.#key === key) return this.#latest
    this.#unpack()
    return this.#earlier.get(key)
  }

  /** Adds the newest request, or replaces the one with this key. Returns the request that is forgotten to make room. */
  add(key: PairingKey, request: T): T | undefined {
    this.#unpack()
    let forgotten: T | undefined
    if (this.#key !== undefined && this.#latest !== undefined && this.#key !== key) {
      if (this.#earlier.size >= MAX_WAITING - 1) forgotten = this.#forget()
      this.#earlier.set(this.#key, this.#latest)
    }
    if (this.#earlier.size > 0) this.#earlier.delete(key)
    this.#key = key
    this.#latest = request
    return forgotten
  }

  /** Replaces a request that waits. */
  replace(key: PairingKey, request: T): void {
    this.#unpack()
    if (this.#key === key) this.#latest = request
    else this.#earlier.set(key, request)
  }

  delete(key: PairingKey): void {
    this.#unpack()
    if (this.#key !== key) this.#earlier.delete(key)
    else {
      this.#key = undefined
      this.#latest = undefined
    }
  }

  each(visit: (request: T) => void): void {
    this.#unpack()
    for (const request of this.#earlier.values()) visit(request)
    if (this.#latest !== undefined) visit(this.#latest)
  }

  clear(): void {
    this.#copied = undefined
    this.#earlier.clear()
    this.#oldest = this.#earlier.keys()
    this.#key = undefined
    this.#latest = undefined
  }

  #unpack(): void {
    if (this.#copied === undefined) return
    const { keys, requests } = this.#copied
    this.#copied = undefined
    for (const [at, key] of keys.entries()) this.#earlier.set(key, requests[at] as T)
  }

  #forget(): T | undefined {
    const { value: oldest } = this.#oldest.next()
    if (oldest === undefined) return undefined
    const forgotten = this.#earlier.get(oldest)
    this.#earlier.delete(oldest)
    return forgotten
  }
}
