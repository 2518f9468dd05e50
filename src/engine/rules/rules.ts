/** The rules of a connection: they answer its messages, over all its attempts. */
import type { Decoder } from '../../decode/decoder.ts'
import type { RealtimeEvent } from '../../shared/event.ts'
import { Failure } from '../../shared/failure.ts'
import { MAX_RULES } from '../../shared/protocol/rules.ts'
import type { Rule, RuleStatus } from '../../shared/rule.ts'
import { Candidates } from '../matching/candidates.ts'
import { type RuleHost, RuleRunner } from './rule-runner.ts'

export interface RulesOptions extends RuleHost {
  readonly decoders: readonly Decoder[]
  /** The events by which the connection started, for decoders that join it later. */
  readonly started?: () => readonly RealtimeEvent[]
}

export class Rules {
  readonly #options: RulesOptions
  readonly #runners: RuleRunner[] = []
  readonly #candidates = new Candidates()

  constructor(options: RulesOptions) {
    this.#options = options
  }

  get status(): readonly RuleStatus[] {
    return this.#runners.map(({ status }) => status)
  }

  /** Rejects with a `Failure` if the rule is not valid, or there are too many. */
  async add(rule: Rule): Promise<void> {
    if (this.#runners.length >= MAX_RULES)
      throw new Failure('TOO_MANY_RULES', `A connection can have ${MAX_RULES} rules; remove one first.`)
    const runner = new RuleRunner(rule, this.#options)
    const { decoders, started } = this.#options
    if (runner.looksAtPackets) await this.#candidates.decode(decoders, started)
    this.#runners.push(runner)
    this.#options.changed()
  }

  remove(index: number): void {
    const [removed] = this.#runners.splice(index, 1)
    removed?.stop()
    this.#options.changed()
  }

  /** Switches a rule off, or on again. */
  switch(index: number, on: boolean): void {
    const runner = this.#runners[index]
    if (on) runner?.start()
    else runner?.stop()
  }

  stop(): void {
    for (const runner of this.#runners) runner.stop()
  }

  /** Call for each event of the connection, in order. Answers inbound messages. */
  appended(event: RealtimeEvent): void {
    const candidate = this.#candidates.next(event)
    if (candidate === undefined) return
    const isOpen = event.type === 'open'
    for (const runner of this.#runners) if (!isOpen || runner.answersOpen) runner.take(candidate)
  }
}
