/** Opens the connections of a recording again at a live peer, and sends over them what was sent. */
import { ALLOWANCE, type ResenderOptions } from '../../session/replay/resender.ts'
import { REAL_TIMERS, type Timers } from '../../session/replay/timers.ts'
import type { RealtimeEvent } from '../../shared/event.ts'
import { largest } from '../../shared/numbers.ts'
import type { Resending } from '../../shared/protocol/resending.ts'
import type { ConnectionSpec } from '../../shared/spec.ts'
import type { LiveConnection } from '../../transport/live-connection.ts'
import type { LiveStep, LiveSteps } from './live-steps.ts'
import { RequestDriver } from './request-driver.ts'
import { ScriptDriver } from './script-driver.ts'

/** Why a connection did not do what it was to do. */
interface StepFailure {
  /** Number of the recorded connection. */
  readonly connection: number
  /** Number of the live connection; undefined if it could not be started. */
  readonly live: number | undefined
  readonly thrown: unknown
}

/** Opens the connection of a step. Throws a `Failure` for an unusable spec. */
type Connect = (spec: ConnectionSpec, live: LiveStep) => LiveConnection

export interface SessionReplayOptions extends Omit<ResenderOptions, 'sent'> {
  /** As that of a resender, with the step that sends. */
  readonly sent?: (live: LiveStep, ...sent: Parameters<NonNullable<ResenderOptions['sent']>>) => void
  /** Called when a live connection has ended. `thrown` says why it did not do what it was to do, unless it did. */
  readonly ended?: (id: number, thrown: unknown) => void
}

/** A connection of the replay. */
interface Run {
  readonly driver: ScriptDriver | RequestDriver
  readonly connection: LiveConnection
  readonly ended: Promise<void>
  /** Recorded answers that have not come. */
  answersLeft: number
}

export class SessionReplay {
  readonly failures: StepFailure[] = []
  readonly #steps: LiveSteps
  readonly #options: SessionReplayOptions
  readonly #timers: Timers
  readonly #patience: number
  /** By the number of the live connection. */
  readonly #runs = new Map<number, Run>()
  /** When the recorded connections ended of those that are open, by the number of the live one. */
  readonly #open = new Map<number, number | undefined>()
  /** Number of inbound messages, up to those that were recorded on each connection. */
  #answers = 0
  /** Number of those that are not expected any more. */
  #missing = 0
  #isOver = false
  /** Called if anything happened. */
  #happened: () => void = () => {}

  constructor(steps: LiveSteps, options: SessionReplayOptions) {
    this.#steps = steps
    this.#options = options
    this.#timers = options.timers ?? REAL_TIMERS
    const silence = largest(
      steps.steps.map(({ step }) => step.longestSilence),
      0,
    )
    this.#patience = options.patience ?? silence + ALLOWANCE
  }

  /** How much was sent and answered, over all connections. */
  get progress(): Omit<Resending, 'ticket' | 'id'> {
    const all = [...this.#runs.values()].map(({ driver }) => driver.progress)
    const sum = (name: 'sent' | 'answers') => all.reduce((total, each) => total + each[name], 0)
    const { steps } = this.#steps
    return {
      sent: sum('sent'),
      of: steps.reduce(
        (total, { step }) => total + (step.kind === 'socket' ? step.script.messages.length : 1),
        0,
      ),
      answers: sum('answers'),
      expected: steps.reduce((total, { step }) => total + answersOf(step), 0),
    }
  }

  /** Opens the connections in turn. Resolves when all have ended. */
  async run(connect: Connect): Promise<void> {
    const { pace, speed = 1 } = this.#options
    const { steps } = this.#steps
    const first = steps[0]?.step.time ?? 0
    let begun = this.#timers.now()
    for (const live of steps) {
      const { time, answersBefore } = live.step
      if (pace === 'answers') await this.#untilAnswers(answersBefore)
      else {
        const due = begun + (time - first) / speed
        await this.#until(() => false, due - this.#timers.now())
      }
      // What follows keeps its distance from what had to wait.
      const dueAt = this.#timers.now()
      await this.#until(() => this.#isEndedBefore(time) && this.#steps.isReady(live), this.#patience)
      begun += this.#timers.now() - dueAt
      if (this.#isOver) break
      this.#start(live, connect)
    }
    await Promise.all([...this.#runs.values()].map(({ ended }) => ended))
  }

  /** Call when the state of a connection may have changed. */
  update(connection: LiveConnection): void {
    this.#runs.get(connection.id)?.driver.update(connection)
  }

  /** Call for each event of the session. */
  appended(event: RealtimeEvent): void {
    if (!('connection' in event)) return
    const run = this.#runs.get(event.connection)
    if (run === undefined) return
    run.driver.appended(event)
    if (event.type === 'message' && event.direction === 'in' && run.answersLeft > 0) {
      run.answersLeft--
      this.#answers++
    }
    this.#happened()
  }

  /** Ends all connections, and opens no more. */
  end(): void {
    this.#isOver = true
    this.#happened()
    // May be called within a callback of a socket.
    for (const { connection } of this.#runs.values()) queueMicrotask(() => void connection.disconnect())
  }

  #start(live: LiveStep, connect: Connect): void {
    const { step } = live
    let connection: LiveConnection | undefined
    const fail = (thrown: unknown) =>
      this.failures.push({ connection: step.connection, live: connection?.id, thrown })
    const done = () => queueMicrotask(() => void connection?.disconnect())
    const driver = this.#driverOf(live, done, (thrown) => {
      fail(thrown)
      done()
    })
    try {
      connection = connect(this.#steps.specOf(live), live)
    } catch (thrown) {
      driver.stop()
      this.#steps.ended(live)
      fail(thrown)
      return
    }
    const { id } = connection
    this.#open.set(id, step.endedAt)
    const before = this.failures.length
    const ended = connection.done.then((outcome) => {
      this.#steps.ended(live)
      this.#open.delete(id)
      this.#missing += run.answersLeft
      run.answersLeft = 0
      const hasFailed = this.failures.slice(before).some((each) => each.connection === step.connection)
      const failure = driver.ended(outcome)
      if (failure !== undefined && !hasFailed && !this.#isOver) fail(failure)
      this.#options.ended?.(id, this.failures.find(({ live }) => live === id)?.thrown)
      this.#happened()
    })
    const run: Run = { driver, connection, ended, answersLeft: answersOf(step) }
    this.#runs.set(id, run)
  }

  #driverOf(
    live: LiveStep,
    done: () => void,
    failed: (thrown: unknown) => void,
  ): ScriptDriver | RequestDriver {
    const { step, packets } = live
    const { sent, ...options } = this.#options
    const { speed = 1, pace, patience } = options
    if (step.kind === 'socket') {
      const reporting = sent && { sent: sent.bind(undefined, live) }
      const { source } = this.#steps
      return new ScriptDriver({ done, failed }, step.script, source, { ...options, ...reporting }, packets)
    }
    const isTimed = pace !== 'answers'
    return new RequestDriver(live, step, done, {
      speed: isTimed ? speed : Number.POSITIVE_INFINITY,
      patience: patience ?? step.longestSilence + ALLOWANCE,
      timers: this.#timers,
    })
  }

  /** Whether those connections have ended that had ended at a session time: a client may have reconnected. */
  #isEndedBefore(time: number): boolean {
    for (const endedAt of this.#open.values()) if (endedAt !== undefined && endedAt <= time) return false
    return true
  }

  /** Waits until this many messages have come, or until none come for a while. */
  async #untilAnswers(count: number): Promise<void> {
    while (!this.#isOver && this.#answers + this.#missing < count) {
      const before = this.#answers + this.#missing
      await this.#until(() => this.#answers + this.#missing > before, this.#patience)
      if (this.#answers + this.#missing === before) this.#missing += count - before
    }
  }

  /** Resolves once the condition is true, after `limit` milliseconds, or when the replay ends. */
  async #until(isTrue: () => boolean, limit: number): Promise<void> {
    if (this.#isOver || limit <= 0 || isTrue()) return
    await new Promise<void>((resolve) => {
      const cancel = this.#timers.after(limit, resolve)
      this.#happened = () => {
        if (!this.#isOver && !isTrue()) return
        cancel()
        this.#happened = () => {}
        resolve()
      }
    })
  }
}

function answersOf(step: LiveStep['step']): number {
  return step.kind === 'socket' ? step.script.answers : step.answers
}
