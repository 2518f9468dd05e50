/** Puts the connections of a session side by side when somebody asks, in slices. Goes on where it was at the last call. */
import { setImmediate } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import type { Log } from '../capture/recording.ts'
import { SessionTechniques } from '../diagnose/techniques/session-techniques.ts'
import type { Finding } from '../shared/finding.ts'
import type { TechniqueQuestion } from '../shared/protocol/techniques.ts'
import type { TechniqueReport } from '../shared/techniques.ts'

/** Milliseconds that a slice may hold the thread, and events between two checks of the clock. */
const SLICE = 6
const GIVEN = 32

export interface TechniquesRunnerOptions {
  readonly log: Pick<Log, 'startedAt' | 'generation' | 'firstKept' | 'count' | 'peek'>
  /** What the rules have found. */
  readonly findings: () => readonly Finding[]
}

export class TechniquesRunner {
  readonly #options: TechniquesRunnerOptions
  #chosen: TechniqueQuestion['chosen'] = null
  #techniques: SessionTechniques | undefined
  /** Number of the first event that was not read. */
  #reached = 0
  #generation = 0
  /** Calls wait for the one before. */
  #last: Promise<unknown> = Promise.resolve()

  constructor(options: TechniquesRunnerOptions) {
    this.#options = options
  }

  report(question: TechniqueQuestion): Promise<TechniqueReport> {
    const result = this.#last.then(() => this.#report(question))
    this.#last = result.catch(() => undefined)
    return result
  }

  /** Forgets what was read. The next call starts with the oldest event. */
  clear(): void {
    this.#techniques = undefined
  }

  /** The log no longer has the events from number `count` on. */
  rewind(count: number): void {
    if (count < this.#reached) this.clear()
  }

  async #report({ answers, chosen }: TechniqueQuestion): Promise<TechniqueReport> {
    if (!isDeepStrictEqual(chosen, this.#chosen)) this.clear()
    this.#chosen = chosen
    await this.#read()
    return this.#current().report({ answers, findings: this.#options.findings() })
  }

  /** Reads the events that there are at the time of the call. */
  async #read(): Promise<void> {
    const { log } = this.#options
    const last = log.count
    let until = performance.now() + SLICE
    for (;;) {
      const techniques = this.#current()
      this.#reached = Math.max(this.#reached, log.firstKept)
      const end = Math.min(this.#reached + GIVEN, last, log.count)
      for (; this.#reached < end; this.#reached++) techniques.add(log.peek(this.#reached))
      if (this.#reached >= Math.min(last, log.count)) return
      if (performance.now() < until) continue
      await setImmediate()
      until = performance.now() + SLICE
    }
  }

  #current(): SessionTechniques {
    const { log } = this.#options
    if (this.#techniques === undefined || this.#generation !== log.generation) {
      this.#techniques = new SessionTechniques({
        startedAt: log.startedAt,
        ...(this.#chosen !== null && { chosen: this.#chosen }),
      })
      this.#reached = 0
      this.#generation = log.generation
    }
    return this.#techniques
  }
}
