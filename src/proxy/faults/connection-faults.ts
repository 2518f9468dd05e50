/** The faults of one connection while it is open. */
import type { Direction } from '../../shared/event.ts'
import type { Failure } from '../../shared/failure.ts'
import { FAULTS, type FaultKind, type FaultSpec } from '../../shared/faults.ts'
import { Guard } from '../guard.ts'
import type { GateExit, MessageGate } from '../message-gate.ts'
import type { ActiveFault, MessageTest } from './active-fault.ts'
import { cutByFault } from './failures.ts'
import { FaultGate, type FaultGateOptions } from './fault-gate.ts'
import type { HeldMessages } from './held-messages.ts'

export interface OpenConnection {
  /** Its number; undefined while it is not recorded. */
  readonly id?: number | undefined
  readonly url: string
  /** Cuts both sides. `failure` says why. Does not throw. */
  cut(failure: Failure): void
  /** Messages have to pass through gates from now on, which `gates` makes, or need not any more. */
  setGates?(gates: ((direction: Direction, exit: GateExit) => MessageGate) | undefined): void
}

export interface ConnectionFaultsHost {
  readonly held: HeldMessages
  now(): number
  /**
   * The number of the next gate of a kind. Only connections with messages count for the gates of messages, so that the random
   * choices do not depend on what else a page loads.
   */
  ordinal(of: 'messages' | 'bytes'): number
  /** Tests the messages of a connection against a filter. */
  test(connection: number, filter: string): MessageTest
}

export class ConnectionFaults {
  readonly connection: OpenConnection
  /** When it opened, on the host's clock. */
  readonly openedAt: number
  readonly #host: ConnectionFaultsHost
  readonly #guard = new Guard((failure) => {
    if (!this.#isOver) this.connection.cut(failure)
  })
  #ordinal: number | undefined
  readonly #ended: () => void
  #active: readonly ActiveFault[] = []
  readonly #gates = new Map<Direction, FaultGate>()
  #messages = 0
  #hasGates = false
  #lastActivity: number
  #timers: ReturnType<typeof setTimeout>[] = []
  #isOver = false

  /** `ended` is called once the connection is over. */
  constructor(connection: OpenConnection, host: ConnectionFaultsHost, ended: () => void) {
    this.connection = connection
    this.#host = host
    this.#ended = ended
    this.openedAt = host.now()
    this.#lastActivity = this.openedAt
  }

  /** Whether messages have to pass through gates. */
  get needsGate(): boolean {
    return this.#active.some(
      ({ spec: { kind } }) =>
        FAULTS[kind].scope === 'messages' || kind === 'throttle' || kind === 'cut-after-messages',
    )
  }

  /** Whether bytes that are no messages have to wait. Faults with a filter do not act on them. */
  get holdsBytes(): boolean {
    return this.#active.some(holdsBytes)
  }

  /** Bytes of a response that are held back until there are so many; 0 if none are. */
  get buffer(): number {
    return this.#active.reduce(
      (size, { spec }) => (spec.kind === 'buffer' ? Math.max(size, spec.value) : size),
      0,
    )
  }

  /** Makes the gate of a direction. The one before it may still hold messages. */
  gate(direction: Direction, exit: GateExit): MessageGate {
    this.#ordinal ??= this.#host.ordinal('messages')
    return this.#newGate(direction, exit, {
      ordinal: this.#ordinal * 2 + (direction === 'in' ? 0 : 1),
      faults: () => this.#active,
      passed: () => this.#messagePassed(),
    })
  }

  /** Makes the gate of a response that passes in the pieces in which it arrives: they may only wait. */
  byteGate(exit: GateExit): MessageGate {
    return this.#newGate('in', exit, {
      ordinal: -this.#host.ordinal('bytes'),
      faults: () => this.#active.filter(holdsBytes),
      passed: () => {},
    })
  }

  #newGate(
    direction: Direction,
    exit: GateExit,
    acting: Pick<FaultGateOptions, 'ordinal' | 'faults' | 'passed'>,
  ): MessageGate {
    const { connection } = this
    const gate = new FaultGate({
      ...{ exit, held: this.#host.held, guard: this.#guard, ...acting },
      connection: () => connection.id ?? 0,
      now: () => this.#host.now(),
    })
    this.#gates.set(direction, gate)
    return gate
  }

  /** Replaces the faults. */
  set(faults: readonly FaultSpec[]): void {
    this.#guard.run(() => this.#set(faults))
  }

  #set(faults: readonly FaultSpec[]): void {
    this.#stopActing()
    this.#messages = 0
    this.#active = faults
      .filter((fault) => isMeant(fault, this.connection))
      .map((spec) => this.#activate(spec))
    for (const { spec } of this.#active) this.#startTimer(spec)
    for (const gate of this.#gates.values()) gate.changed()
    const { needsGate } = this
    if (needsGate === this.#hasGates) return
    this.#hasGates = needsGate
    this.connection.setGates?.(needsGate ? (direction, exit) => this.gate(direction, exit) : undefined)
  }

  /** Something has passed. */
  activity(): void {
    this.#lastActivity = this.#host.now()
  }

  cut(fault: FaultSpec): void {
    if (!this.#isOver) this.connection.cut(cutByFault(fault))
  }

  /** The connection is over. Call it before the end is reported, because what is held is recorded as dropped. */
  ended(): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#stopActing()
    for (const gate of this.#gates.values()) gate.stop()
    this.#ended()
  }

  #activate(spec: FaultSpec): ActiveFault {
    const { match } = spec
    if (match === undefined || FAULTS[spec.kind].scope !== 'messages') return { spec }
    return { spec, test: this.#host.test(this.connection.id ?? 0, match) }
  }

  #stopActing(): void {
    for (const timer of this.#timers) clearTimeout(timer)
    for (const { test } of this.#active) test?.stop()
    this.#timers = []
  }

  #messagePassed(): void {
    this.#messages++
    const fault = this.#active.find(
      ({ spec }) => spec.kind === 'cut-after-messages' && this.#messages >= spec.value,
    )
    if (fault !== undefined) this.cut(fault.spec)
  }

  #startTimer(fault: FaultSpec): void {
    const { kind, value } = fault
    if (kind === 'cut-after-time') {
      const wait = Math.max(0, this.openedAt + value - this.#host.now())
      this.#timers.push(setTimeout(() => this.cut(fault), wait))
    } else if (kind === 'idle-timeout') this.#watchIdle(fault, value)
  }

  #watchIdle(fault: FaultSpec, wait: number): void {
    const timer = setTimeout(() => {
      this.#timers = this.#timers.filter((each) => each !== timer)
      const left = this.#lastActivity + fault.value - this.#host.now()
      if (left <= 0) this.cut(fault)
      else this.#watchIdle(fault, left)
    }, wait)
    this.#timers.push(timer)
  }
}

/** Faults that can act on any bytes, because they only make them wait. */
const HOLDING: ReadonlySet<FaultKind> = new Set(['delay', 'jitter', 'throttle'])

function holdsBytes({ spec: { kind }, test }: ActiveFault): boolean {
  return HOLDING.has(kind) && test === undefined
}

/** Whether a fault is meant for a connection. The filter of a fault of messages is tested later. */
export function isMeant({ kind, match }: FaultSpec, { url }: Pick<OpenConnection, 'url'>): boolean {
  return match === undefined || FAULTS[kind].scope === 'messages' || url.includes(match)
}
