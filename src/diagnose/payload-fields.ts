/**
 * Finds the counter and the time in the JSON payloads of a feed, such as `seq` and `data.ts`. Looks at a bounded number of
 * fields, and at fewer once it knows which ones matter.
 */
import { canBeField, PayloadField } from './payload-field.ts'

/** Places that are looked at, at most, and how deep they are. */
const MAX_PLACES = 48
const MAX_DEPTH = 4
/** Members of an object and elements of an array that are looked at. */
const MAX_MEMBERS = 32
const MAX_ELEMENTS = 4
const MAX_KEY = 100
/** Payloads from which places are learned; later on one in so many, because other payloads may come. */
const LEARNED = 64
const RELEARNED = 64

/** A place in payloads: the field there, and the places below it. */
class Place {
  readonly name: string
  readonly below = new Map<string, Place>()
  field: PayloadField | undefined
  /** Whether a field here or below can still be a counter or a clock. */
  isWatched = true

  constructor(name: string) {
    this.name = name
  }

  /** Sees which places still matter. */
  prune(): boolean {
    let isWatched = this.field?.isHopeless === false
    for (const place of this.below.values()) if (place.prune()) isWatched = true
    this.isWatched = isWatched
    return isWatched
  }
}

export interface PayloadFieldsOptions {
  /** Epoch milliseconds of session time 0, if known. Makes sure that a time is that of a clock. */
  readonly startedAt?: number | undefined
}

export class PayloadFields {
  readonly #startedAt: number | undefined
  readonly #root = new Place('')
  readonly #fields: PayloadField[] = []
  #places = 0
  #seen = 0

  constructor({ startedAt }: PayloadFieldsOptions = {}) {
    this.#startedAt = startedAt
  }

  /**
   * Takes the next payload, parsed, and its arrival (session time in ms). Values other than objects and arrays are
   * ignored.
   */
  add(json: unknown, arrival: number): void {
    if (typeof json !== 'object' || json === null) return
    this.#seen++
    if (this.#seen <= LEARNED || this.#seen % RELEARNED === 0) {
      this.#learn(json, this.#root, 1)
      if (this.#seen >= LEARNED) this.#root.prune()
    }
    update(json, this.#root, arrival)
  }

  /** The field that counts by ones: the one with the largest share of such steps. */
  get counter(): PayloadField | undefined {
    return this.#best(
      ({ isCounter }) => isCounter,
      ({ share }) => share,
    )
  }

  /** The field with the time of a running clock: the one that stays closest to the arrivals. */
  get clock(): PayloadField | undefined {
    return this.#best(
      ({ isClock }) => isClock,
      ({ least, most }) => least - most,
    )
  }

  #best(
    is: (field: PayloadField) => boolean,
    rank: (field: PayloadField) => number,
  ): PayloadField | undefined {
    let best: PayloadField | undefined
    for (const field of this.#fields)
      if (is(field) && (best === undefined || rank(field) > rank(best))) best = field
    return best
  }

  /** Adds places for the members of a value while there is room. */
  #learn(value: object, place: Place, depth: number): void {
    for (const [key, member] of membersOf(value)) {
      const isBranch = typeof member === 'object' && member !== null
      if (isBranch ? depth === MAX_DEPTH : !canBeField(member)) continue
      let below = place.below.get(key)
      if (below === undefined) {
        if (this.#places >= MAX_PLACES || key.length > MAX_KEY) continue
        below = new Place(place.name === '' ? key : `${place.name}.${key}`)
        place.below.set(key, below)
        this.#places++
      }
      if (isBranch) this.#learn(member, below, depth + 1)
      else if (below.field === undefined) {
        below.field = new PayloadField(below.name, this.#startedAt)
        this.#fields.push(below.field)
      }
    }
  }
}

/** Gives the members of a value to the fields of their places. */
function update(value: object, place: Place, arrival: number): void {
  for (const [key, below] of place.below) {
    if (!below.isWatched || !Object.hasOwn(value, key)) continue
    const member = (value as Readonly<Record<string, unknown>>)[key]
    if (typeof member !== 'object') below.field?.add(member, arrival)
    else if (member !== null && below.below.size > 0) update(member, below, arrival)
  }
}

function* membersOf(value: object): Generator<readonly [string, unknown]> {
  const most = Array.isArray(value) ? MAX_ELEMENTS : MAX_MEMBERS
  let count = 0
  for (const key in value) {
    if (count++ >= most) return
    yield [key, (value as Readonly<Record<string, unknown>>)[key]]
  }
}

/** The value at the place of a field, such as `data.seq`. */
export function valueAt(json: unknown, place: string): unknown {
  let value = json
  for (const name of place.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined
    value = (value as Readonly<Record<string, unknown>>)[name]
  }
  return value
}
