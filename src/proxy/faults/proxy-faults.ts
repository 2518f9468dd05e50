/** The faults of a proxy: those of all its connections, and those of single connections. */
import { Failure } from '../../shared/failure.ts'
import { checkFault, formatFault } from '../../shared/faults/fault-text.ts'
import { FAULTS, type FaultSpec, MAX_FAULTS } from '../../shared/faults.ts'
import type { ProxyStatus } from '../../shared/protocol/traffic.ts'
import type { MessageTest } from './active-fault.ts'
import { ConnectionFaults, isMeant, type OpenConnection } from './connection-faults.ts'
import { answeredByFault, refusedByFault } from './failures.ts'
import { HeldMessages, type Released } from './held-messages.ts'
import { newSeed, randomFrom } from './random.ts'

export interface FaultsHost {
  now(): number
  /** Adds a note to the session. */
  mark(text: string): void
  /** Called if the status may have changed. */
  changed(): void
  test(connection: number, filter: string): MessageTest
}

/** What a fault does to a request in place of passing it on. */
export interface Denial {
  /** The status to answer with; absent: cut the connection without an answer. */
  readonly status?: number
  readonly failure: Failure
}

/** A server that is away until a time, for the requests that are meant. */
interface Away {
  readonly fault: FaultSpec
  /** Absent: for all connections. */
  readonly connection: number | undefined
}

export class ProxyFaults {
  readonly #host: FaultsHost
  readonly #held: HeldMessages
  readonly #open = new Set<ConnectionFaults>()
  #faults: readonly FaultSpec[] = []
  /** The faults of single connections by their numbers, in place of the others. */
  readonly #own = new Map<number, readonly FaultSpec[]>()
  readonly #ordinals = { messages: 0, bytes: 0 }
  #random = new WeakMap<FaultSpec, () => number>()
  #away = new Set<Away>()
  readonly #timers = new Map<FaultSpec, ReturnType<typeof setTimeout>>()

  /** Throws a `Failure` if a fault is not valid. */
  constructor(faults: readonly FaultSpec[], host: FaultsHost) {
    this.#host = host
    this.#held = new HeldMessages(() => host.changed())
    if (faults.length > 0) this.set(faults)
  }

  status(): Pick<ProxyStatus, 'faults' | 'connectionFaults' | 'held' | 'heldCount'> {
    const own = [...this.#own].map(([connection, faults]) => ({ connection, faults }))
    const held = this.#held.list()
    return {
      faults: this.#faults,
      ...(own.length > 0 && { connectionFaults: own }),
      ...(held.length > 0 && { held, heldCount: this.#held.count }),
    }
  }

  /**
   * Replaces the faults of all connections, or of one; without any, it has those of all again. Throws a `Failure` `BAD_FAULT`
   * if one is not valid.
   */
  set(faults: readonly FaultSpec[], connection?: number): void {
    if (faults.length > MAX_FAULTS)
      throw new Failure('BAD_FAULT', `A proxy can have ${MAX_FAULTS} faults at a time; remove some.`)
    const seeded = faults.map((fault) => withSeed(checkFault(fault)))
    for (const { kind, match } of seeded)
      if (match !== undefined && FAULTS[kind].scope === 'messages') this.#host.test(0, match).stop()
    if (connection === undefined) this.#faults = seeded
    else if (seeded.length === 0) this.#own.delete(connection)
    else this.#own.set(connection, seeded)
    this.#host.mark(this.#describe(connection))
    for (const open of this.#open) {
      const { id } = open.connection
      // Those that have faults of their own keep them, with their counts and timers.
      const isMeant = connection === undefined ? id === undefined || !this.#own.has(id) : id === connection
      if (isMeant) open.set(this.#faultsOf(open.connection))
    }
    this.#schedule()
    this.#host.changed()
  }

  /** Releases a held message, or all of them. Throws a `Failure` `NO_MESSAGE`. */
  release(message: number | undefined, payload: Released): void {
    if (message === undefined) this.#held.releaseAll(payload)
    else this.#held.release(message, payload)
  }

  /** A request arrives. Returns what is done in place of passing it on; undefined if it passes. */
  deny(request: Pick<OpenConnection, 'id' | 'url'>): Denial | undefined {
    for (const { fault, connection } of this.#away)
      if (isMeant(fault, request) && (connection === undefined || connection === request.id))
        return { failure: refusedByFault(fault) }
    for (const fault of this.#faultsOf(request)) {
      if (!isMeant(fault, request)) continue
      if (fault.kind === 'refuse' && this.#randomOf(fault)() < fault.value)
        return { failure: refusedByFault(fault) }
      if (fault.kind === 'status') return { status: fault.value, failure: answeredByFault(fault) }
    }
    return undefined
  }

  /** A connection has opened. Call `ended` of what it returns once it is over. */
  opened(connection: OpenConnection): ConnectionFaults {
    const opened = new ConnectionFaults(
      connection,
      {
        held: this.#held,
        now: () => this.#host.now(),
        test: (id, filter) => this.#host.test(id, filter),
        ordinal: (of) => ++this.#ordinals[of],
      },
      () => this.#open.delete(opened),
    )
    this.#open.add(opened)
    opened.set(this.#faultsOf(connection))
    this.#schedule()
    return opened
  }

  stop(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer)
    for (const open of [...this.#open]) open.ended()
  }

  /** Says which faults are on after a change: of one connection, or of all. */
  #describe(connection: number | undefined): string {
    const all = listOf(this.#faults)
    if (connection !== undefined) {
      const own = this.#own.get(connection)
      if (own !== undefined) return `Faults on purpose on connection ${connection}: ${listOf(own)}`
      if (all === '') return `No more faults on purpose on connection ${connection}`
      return `Connection ${connection} has the faults on purpose of all connections again: ${all}`
    }
    const [first, ...more] = this.#own.keys()
    const those = more.length === 0 ? `connection ${first} has` : `${more.length + 1} connections have`
    const except = first === undefined ? '' : ` (${those} other ones)`
    return all === '' ? `No more faults on purpose${except}` : `Faults on purpose${except}: ${all}`
  }

  #faultsOf({ id }: Pick<OpenConnection, 'id'>): readonly FaultSpec[] {
    return (id === undefined ? undefined : this.#own.get(id)) ?? this.#faults
  }

  /** Starts the timers of restarts, and ends those of faults that are off. */
  #schedule(): void {
    const restarts = [[undefined, this.#faults] as const, ...this.#own].flatMap(([connection, faults]) =>
      faults.filter(({ kind }) => kind === 'restart').map((fault) => ({ fault, connection })),
    )
    const on = new Set(restarts.map(({ fault }) => fault))
    for (const [fault, timer] of this.#timers)
      if (!on.has(fault)) {
        clearTimeout(timer)
        this.#timers.delete(fault)
      }
    for (const away of this.#away) if (!on.has(away.fault)) this.#away.delete(away)
    for (const away of restarts) {
      const [first] = this.#meant(away)
      if (first === undefined || this.#timers.has(away.fault)) continue
      const wait = Math.max(0, first.openedAt + (away.fault.after ?? 0) - this.#host.now())
      this.#timers.set(
        away.fault,
        setTimeout(() => this.#restart(away), wait),
      )
    }
  }

  #meant({ fault, connection }: Away): ConnectionFaults[] {
    return [...this.#open].filter(
      ({ connection: open }) => isMeant(fault, open) && (connection === undefined || connection === open.id),
    )
  }

  #restart(away: Away): void {
    const { fault } = away
    this.#away.add(away)
    this.#markRestart(fault, 'The proxy cuts connections as if the server restarted')
    for (const open of this.#meant(away)) open.cut(fault)
    this.#timers.set(
      fault,
      setTimeout(() => {
        this.#away.delete(away)
        this.#markRestart(fault, 'The proxy accepts connections again')
      }, fault.value),
    )
  }

  /** Timers call it, so it does not throw. */
  #markRestart(fault: FaultSpec, what: string): void {
    try {
      this.#host.mark(`${what} (${formatFault(fault)})`)
    } catch {
      // The recording itself fails, which it reports elsewhere.
    }
  }

  #randomOf(fault: FaultSpec): () => number {
    const random = this.#random.get(fault) ?? randomFrom(fault.seed ?? 0)
    this.#random.set(fault, random)
    return random
  }
}

function listOf(faults: readonly FaultSpec[]): string {
  return faults.map(formatFault).join('; ')
}

function withSeed(fault: FaultSpec): FaultSpec {
  const { seed, kind } = fault
  // A copy: choices are made anew, also if the same object is given again.
  return { ...fault, ...(FAULTS[kind].isRandom === true && { seed: seed ?? newSeed() }) }
}
