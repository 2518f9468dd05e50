/** Which connection a program opens again. */
import type { SeenStart } from '../../shared/traffic.ts'
import { isIdempotent } from '../../transport/http/spec-request.ts'
import { addressOf } from './address.ts'
import type { SeenConnection } from './seen-connection.ts'

/** Milliseconds after which a program that opens the same address does not reconnect, but begins anew. */
const LONGEST_WAIT = 120_000
/** The same after a stream that was complete. Programs watch on at once, as clients of Kubernetes do. */
const LONGEST_WAIT_AFTER_END = 5000
/** Connections that programs may open again, at most. Those that were opened first are forgotten. */
const MAX_REMEMBERED = 1000

export class Reopening {
  /** By number of the connection, in the order in which they were opened last. */
  readonly #remembered = new Map<number, { readonly key: string; readonly connection: SeenConnection }>()
  readonly #byKey = new Map<string, Set<SeenConnection>>()
  readonly #isListed: (connection: SeenConnection) => boolean

  /** `isListed`: whether a connection is still part of the session, which the user may have cleared. */
  constructor(isListed: (connection: SeenConnection) => boolean) {
    this.#isListed = isListed
  }

  /**
   * The connection that a request opens again; undefined if it opens a new one. It went to the same address, has ended, but not by the program,
   * and not long ago, and is still part of the session. Of several it is the one with the same URL, else the one that ended last.
   */
  find(start: SeenStart, kind: 'websocket' | 'http'): SeenConnection | undefined {
    const candidates = [...(this.#byKey.get(keyOf(start, kind)) ?? [])]
      .filter((connection) => isOpenedAgain(connection, start) && this.#isListed(connection))
      .sort((a, b) => (b.ending?.time ?? 0) - (a.ending?.time ?? 0))
    return candidates.find(({ lastUrl }) => lastUrl === start.url) ?? candidates[0]
  }

  /** A program has opened a connection. */
  remember(connection: SeenConnection, start: SeenStart, kind: 'websocket' | 'http'): void {
    this.#forget(connection.id)
    const key = keyOf(start, kind)
    this.#remembered.set(connection.id, { key, connection })
    const same = this.#byKey.get(key) ?? new Set()
    this.#byKey.set(key, same.add(connection))
    const [oldest] = this.#remembered.keys()
    if (this.#remembered.size > MAX_REMEMBERED && oldest !== undefined) this.#forget(oldest)
  }

  #forget(id: number): void {
    const known = this.#remembered.get(id)
    if (known === undefined) return
    this.#remembered.delete(id)
    const same = this.#byKey.get(known.key)
    same?.delete(known.connection)
    if (same?.size === 0) this.#byKey.delete(known.key)
  }
}

function keyOf({ source, through, program, method = 'GET', url }: SeenStart, kind: string): string {
  return JSON.stringify([source, through, program, kind, method, addressOf(url)])
}

function isOpenedAgain({ ending, transport, spec }: SeenConnection, { time }: SeenStart): boolean {
  if (ending === undefined || ending.by === 'client') return false
  if (ending.isComplete !== true) return time - ending.time <= LONGEST_WAIT
  const goesOn = transport === 'http-stream' && isIdempotent(spec.method ?? 'GET')
  return goesOn && time - ending.time <= LONGEST_WAIT_AFTER_END
}
