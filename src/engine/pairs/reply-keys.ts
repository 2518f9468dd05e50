/**
 * Which JSON message answers which, if their protocol does not say. A message answers the nearest earlier message of the
 * other direction that has the same value in one of the fields that name a request. Both are on one connection, after its
 * latest open. Only the first answer counts.
 */

import type { Log } from '../../capture/recording.ts'
import { parseJson } from '../../capture/search/event-text.ts'
import { isOut, typeOf } from '../../shared/event-columns.ts'
import { forgetOldest } from '../../shared/maps.ts'
import { decodeText } from '../../shared/text/decode.ts'

/** Events before an answer that are searched for its request, and how many of them are read. */
const REACH = 4096
const MOST_REQUESTS = 64
/** Events after a request that are searched for an earlier answer. */
const MOST_ANSWERS = 256
/** Bytes of the longest payload that is read. */
const MOST_BYTES = 64 * 1024
/** A message that answers another one is not a request. To find out, this many steps back are followed at most. */
const MOST_STEPS = 16
/** Results kept. */
const MOST_KEPT = 8192

export class ReplyKeys {
  readonly #log: Log
  #keys: readonly (readonly string[])[] = []
  /** By answer, the request. */
  readonly #requests = new Map<number, number | null>()
  readonly #ids = new Map<number, readonly string[]>()

  constructor(log: Log) {
    this.#log = log
  }

  /** Names of fields; `a.b` is the field `b` of the field `a`. */
  set keys(keys: readonly string[]) {
    const steps = keys.map((key) => key.split('.'))
    if (JSON.stringify(steps) === JSON.stringify(this.#keys)) return
    this.#keys = steps
    this.clear()
  }

  clear(): void {
    this.#requests.clear()
    this.#ids.clear()
  }

  /** The request that a message answers; undefined if it answers none. */
  requestOf(index: number): number | undefined {
    return this.#keys.length === 0 ? undefined : this.#request(index, 0)
  }

  /** The message that answers message `index`; undefined if none does. */
  answerTo(index: number): number | undefined {
    const ids = this.#keys.length === 0 ? [] : this.#idsOf(index)
    if (ids.length === 0) return undefined
    const { connection, kind } = this.#log.row(index)
    const later = this.#log.columns(index + 1, REACH)
    let read = 0
    for (let at = 0; at < later.count && read < MOST_ANSWERS; at++) {
      const other = later.kind[at] ?? 0
      if (later.connection[at] !== connection) continue
      const type = typeOf(other)
      if (type === 'open') return undefined
      if (type !== 'message' || isOut(other) === isOut(kind)) continue
      read++
      if (this.#shares(later.first + at, ids) && this.#request(later.first + at, 0) === index)
        return later.first + at
    }
    return undefined
  }

  #request(index: number, step: number): number | undefined {
    const known = this.#requests.get(index)
    if (known !== undefined) return known ?? undefined
    const found = this.#find(index, step)
    keep(this.#requests, index, found ?? null)
    return found
  }

  #find(index: number, step: number): number | undefined {
    const ids = this.#idsOf(index)
    if (ids.length === 0) return undefined
    const row = this.#log.row(index)
    const first = Math.max(this.#log.firstKept, index - REACH)
    const { kind, connection } = this.#log.columns(first, index - first)
    const isOther = (at: number, wantsOut: boolean) =>
      connection[at] === row.connection &&
      typeOf(kind[at] ?? 0) === 'message' &&
      isOut(kind[at] ?? 0) === wantsOut
    let requests = 0
    for (let at = index - first - 1; at >= 0 && requests < MOST_REQUESTS; at--) {
      if (connection[at] === row.connection && typeOf(kind[at] ?? 0) === 'open') return undefined
      if (!isOther(at, !isOut(row.kind))) continue
      requests++
      if (!this.#shares(first + at, ids)) continue
      if (step < MOST_STEPS && this.#request(first + at, step + 1) !== undefined) continue
      let answers = 0
      for (let later = at + 1; later < index - first && answers < MOST_ANSWERS; later++) {
        if (!isOther(later, isOut(row.kind))) continue
        answers++
        if (this.#shares(first + later, ids)) return undefined
      }
      return first + at
    }
    return undefined
  }

  #shares(index: number, ids: readonly string[]): boolean {
    return this.#idsOf(index).some((id) => ids.includes(id))
  }

  #idsOf(index: number): readonly string[] {
    const known = this.#ids.get(index)
    if (known !== undefined) return known
    const ids = this.#readIds(index)
    keep(this.#ids, index, ids)
    return ids
  }

  #readIds(index: number): readonly string[] {
    const { size } = this.#log.row(index)
    const bytes = size <= MOST_BYTES ? this.#log.payload(index) : undefined
    const document = bytes && parseJson(decodeText(bytes, true))
    if (typeof document !== 'object' || document === null) return []
    return this.#keys.map((steps) => idAt(document, steps)).filter((id) => id !== undefined)
  }
}

/** A text or a number, which are the same here: some peers answer 7 with "7". */
function idAt(document: object, steps: readonly string[]): string | undefined {
  let value: unknown = document
  for (const step of steps) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined
    value = (value as Readonly<Record<string, unknown>>)[step]
  }
  return (typeof value === 'string' && value !== '') || typeof value === 'number' ? String(value) : undefined
}

function keep<T>(map: Map<number, T>, index: number, value: T): void {
  map.set(index, value)
  forgetOldest(map, MOST_KEPT)
}
