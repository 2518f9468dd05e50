/** The ends of the connections to each place, kept for rules that compare them. */
import { placeOf } from '../../../shared/muted-rules.ts'
import type { Ending, Silences } from '../../observed-connection.ts'
import type { RuleContext } from '../../rule.ts'
import type { RuleEvent } from '../../rule-event.ts'

/** Ends that are kept for a place, the latest ones, and places. */
const MAX_ENDS = 64
const MAX_PLACES = 200

/** A normal closure, and a close frame without a code. */
const NORMAL_CODES = new Set([1000, 1005])

export interface End extends Ending {
  readonly connection: number
  /** Of the event that ended it, counted from 0. */
  readonly number: number
  /** The server ended it properly, by the end of its response or a normal closure: it may be over rather than cut. */
  readonly isComplete: boolean
}

/** The ends of connections to one origin and path. */
export interface Place {
  /** Such as `feed.example/ticks`. */
  readonly name: string
  readonly ends: readonly End[]
  /** Of the response that opened the latest connection; empty if unknown. */
  readonly server: string
}

interface KeptPlace extends Place {
  readonly ends: End[]
  name: string
  server: string
}

export class Ends {
  readonly #context: Pick<RuleContext, 'connection'>
  readonly #places = new Map<string, KeptPlace>()
  /** By connection, the end that was added last. */
  readonly #latest = new Map<number, Ending>()

  constructor(context: Pick<RuleContext, 'connection'>) {
    this.#context = context
  }

  /** Takes an event of the types in `ENDING_TYPES`. Returns the end if it is one. */
  add({ connection: id, number }: RuleEvent): End | undefined {
    const connection = this.#context.connection(id)
    const { ending, url, transport, headers, name } = connection
    if (ending === undefined || ending === this.#latest.get(id)) return undefined
    this.#latest.set(id, ending)
    const isNormal = transport !== 'websocket' || NORMAL_CODES.has(ending.code ?? 0)
    const isComplete = ending.by === 'server' && isNormal
    const end = { ...ending, connection: id, number, isComplete }
    const place = this.#placeFor(placeOf(url) || name)
    place.name = name.split('?')[0] ?? name
    place.server = headers.server === undefined ? '' : String(headers.server)
    place.ends.push(end)
    if (place.ends.length > MAX_ENDS) place.ends.shift()
    return end
  }

  get places(): Iterable<Place> {
    return this.#places.values()
  }

  /** The longest silences that connections to a place survived, also those that are open. */
  survivedAt({ ends }: Place): Silences {
    const open = [...new Set(ends.map(({ connection }) => connection))]
      .map((id) => this.#context.connection(id))
      .flatMap(({ isOpen, longest }) => (isOpen ? [longest] : []))
    const all = [...ends.map(({ survived }) => survived), ...open]
    const longest = (of: keyof Silences) => all.reduce((most, each) => Math.max(most, each[of]), 0)
    return { in: longest('in'), out: longest('out'), any: longest('any') }
  }

  #placeFor(key: string): KeptPlace {
    const known = this.#places.get(key)
    if (known !== undefined) return known
    const place: KeptPlace = { name: '', ends: [], server: '' }
    if (this.#places.size < MAX_PLACES) this.#places.set(key, place)
    return place
  }
}

export const ENDING_TYPES = ['connect', 'close', 'reconnect'] as const
