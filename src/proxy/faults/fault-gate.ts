/** Does faults to the messages of one direction of a connection. */
import { MAX_TIMER_DELAY } from '../../shared/timer-delay.ts'
import type { Guard } from '../guard.ts'
import type { GatedMessage, GateExit, MessageGate } from '../message-gate.ts'
import type { ActiveFault } from './active-fault.ts'
import { type Decision, decide } from './decision.ts'
import type { HeldMessages, Released } from './held-messages.ts'
import { Pace } from './pace.ts'
import { randomFrom } from './random.ts'

/** What may wait before the sender is paused. */
const MAX_WAITING = { messages: 1000, bytes: 1 << 20 }
/** Milliseconds that a message waits for the next one to pass before it. */
const LONGEST_REORDER = 1000

export interface FaultGateOptions {
  readonly exit: GateExit
  readonly held: HeldMessages
  /** Of the connection. */
  readonly guard: Guard
  /** The number of the connection. */
  connection(): number
  /** Tells gates apart in the choice of random numbers. */
  readonly ordinal: number
  /** Faults that are on now. */
  faults(): readonly ActiveFault[]
  /** Now, on the clock of the events, in milliseconds. */
  now(): number
  /** Called for each message that is passed on. */
  passed(): void
}

interface Waiting {
  readonly message?: GatedMessage
  pass(): void
  /** When it may pass, in milliseconds; undefined until the user releases it. */
  due: number | undefined
  /** It lets the next one pass until this time. */
  behindUntil: number | undefined
  readonly size: number
  /** Takes it from the list of held messages, and releases it. */
  release?: () => void
}

export class FaultGate implements MessageGate {
  readonly #options: FaultGateOptions
  readonly #random = new Map<ActiveFault, () => number>()
  /** In the order of passing. */
  readonly #waiting: Waiting[] = []
  readonly #pace = new Pace()
  /** Messages and functions whose faults are not decided yet wait here, because a filter takes time. */
  #deciding: Promise<void> | undefined
  #undecided = { messages: 0, bytes: 0 }
  #bytes = 0
  #timer: ReturnType<typeof setTimeout> | undefined
  #isPaused = false
  #isStopped = false

  constructor(options: FaultGateOptions) {
    this.#options = options
  }

  take(message: GatedMessage): void {
    const faults = this.#options.faults()
    const tests = faults.map(({ test }) => test?.matches(message.event) ?? true)
    const isKnown = tests.every((test) => typeof test === 'boolean')
    if (isKnown && this.#deciding === undefined)
      this.#decide(
        message,
        faults.filter((_fault, index) => tests[index] === true),
      )
    else {
      const { length } = message.bytes
      const results = Promise.all(tests)
      // It may reject before its turn comes.
      results.catch(() => {})
      this.#countUndecided(1, length)
      this.#later(async () => {
        const found = await results
        this.#countUndecided(-1, -length)
        this.#decide(
          message,
          faults.filter((_fault, index) => found[index] === true),
        )
      })
    }
    this.#balance()
  }

  behind(pass: () => void): void {
    const wait = () => {
      this.#waiting.push({ pass, due: 0, behindUntil: undefined, size: 0 })
      this.#pump()
    }
    if (this.#deciding === undefined) wait()
    else this.#later(async () => wait())
  }

  /** Faults have changed: nothing is held any more if no fault holds. */
  changed(): void {
    if (this.#options.faults().some(({ spec }) => spec.kind === 'hold')) return
    for (const { due, release } of [...this.#waiting]) if (due === undefined) release?.()
  }

  stop(): void {
    this.#isStopped = true
    clearTimeout(this.#timer)
    this.#options.held.drop(this)
    this.#waiting.length = 0
  }

  /** Decides after those that wait for a decision. */
  #later(act: () => Promise<void>): void {
    const deciding = (this.#deciding ?? Promise.resolve())
      .then(() => (this.#isStopped ? undefined : act()))
      .catch((thrown) => this.#options.guard.failed(thrown))
      .then(() => {
        if (this.#deciding === deciding) this.#deciding = undefined
      })
    this.#deciding = deciding
  }

  #countUndecided(messages: number, bytes: number): void {
    this.#undecided = {
      messages: this.#undecided.messages + messages,
      bytes: this.#undecided.bytes + bytes,
    }
  }

  #decide(message: GatedMessage, found: readonly ActiveFault[]): void {
    if (this.#isStopped) return
    const { exit } = this.#options
    const decision = decide(message, found, (fault) => this.#randomOf(fault))
    if (decision.copies === 0) exit.record(message, decision.faults)
    else if (decision.isHeld) this.#hold(message, decision)
    else this.#pass(message, decision)
    this.#pump()
  }

  #pass(message: GatedMessage, decision: Decision): void {
    const { exit } = this.#options
    const { faults, copies, payload, delay, rate } = decision
    const size = message.bytes.length
    const ready = message.event.time + delay
    const due = this.#pace.next(ready, size * copies, rate)
    // A message behind one that lets it pass cannot do the same.
    const mayWait = this.#waiting.at(-1)?.behindUntil === undefined
    const isReordered = decision.isReordered && mayWait
    exit.record(
      message,
      [
        ...faults,
        ...(isReordered ? ['reorder'] : []),
        ...(rate < Number.POSITIVE_INFINITY && due - ready >= 1
          ? [`throttle=${Math.round(due - ready)}`]
          : []),
      ],
      payload,
    )
    this.#push({
      message,
      due,
      behindUntil: isReordered ? due + LONGEST_REORDER : undefined,
      size,
      pass: () => {
        for (let copy = 0; copy < copies; copy++) exit.write(message, payload)
      },
    })
  }

  /** The user decides about it. */
  #hold(message: GatedMessage, { copies, payload, faults }: Decision): void {
    const { exit, held, connection, guard, now } = this.#options
    const waiting: Waiting = {
      ...{ message, due: undefined, behindUntil: undefined, size: message.bytes.length, pass: () => {} },
    }
    const released = (edited: Released) => {
      const passes = edited ?? payload
      const time = now()
      const wait = Math.max(0, Math.round(time - message.event.time))
      const how = edited === null ? ['drop'] : edited === undefined ? [] : ['edit']
      // Events are in the order of their times.
      const event = { ...message.event, time }
      exit.record({ ...message, event }, [...faults, `hold=${wait}`, ...how], passes)
      if (edited === null) this.#remove(waiting)
      waiting.due = 0
      waiting.pass = () => {
        for (let copy = 0; copy < copies; copy++) exit.write(message, passes)
      }
      this.#pump()
    }
    const id = held.add({
      ...{ connection: connection(), gate: this, message },
      released: (edited) => guard.run(() => released(edited)),
    })
    waiting.release = () => held.release(id)
    this.#push(waiting)
  }

  #push(waiting: Waiting): void {
    this.#waiting.push(waiting)
    this.#bytes += waiting.size
  }

  #remove(waiting: Waiting): void {
    const index = this.#waiting.indexOf(waiting)
    if (index < 0) return
    this.#waiting.splice(index, 1)
    this.#bytes -= waiting.size
  }

  /** Passes on what is due. */
  #pump(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    for (;;) {
      const next = this.#next()
      if (next === undefined) break
      const wait = next.until - this.#options.now()
      if (wait > 0) {
        const { guard } = this.#options
        const longest = Math.min(Math.ceil(wait), MAX_TIMER_DELAY)
        this.#timer = setTimeout(() => guard.run(() => this.#pump()), longest)
        break
      }
      this.#remove(next.waiting)
      next.waiting.pass()
      if (next.waiting.message !== undefined && !this.#isStopped) this.#options.passed()
    }
    this.#balance()
  }

  /** What passes next, and when. Nothing passes what is held. */
  #next(): { readonly waiting: Waiting; readonly until: number } | undefined {
    const [first, second] = this.#waiting
    if (first?.due === undefined) return undefined
    if (first.behindUntil === undefined || second?.message === undefined || second.due === undefined)
      return { waiting: first, until: first.behindUntil ?? first.due }
    first.behindUntil = undefined
    this.#waiting[0] = second
    this.#waiting[1] = first
    return { waiting: second, until: second.due }
  }

  #balance(): void {
    const messages = this.#waiting.length + this.#undecided.messages
    const bytes = this.#bytes + this.#undecided.bytes
    const isFull = messages >= MAX_WAITING.messages || bytes >= MAX_WAITING.bytes
    const isLow = messages <= MAX_WAITING.messages / 2 && bytes <= MAX_WAITING.bytes / 2
    if (this.#isPaused ? !isLow : !isFull) return
    this.#isPaused = !this.#isPaused
    if (this.#isPaused) this.#options.exit.pause()
    else this.#options.exit.resume()
  }

  #randomOf(fault: ActiveFault): () => number {
    const { faults, ordinal } = this.#options
    let random = this.#random.get(fault)
    if (random === undefined) {
      const on = faults()
      for (const each of this.#random.keys()) if (!on.includes(each)) this.#random.delete(each)
      random = randomFrom(fault.spec.seed ?? 0, ordinal, on.indexOf(fault))
      this.#random.set(fault, random)
    }
    return random
  }
}
