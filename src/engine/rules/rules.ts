/** The rules of a connection: they act on its messages, over all its attempts. */
import type { Decoder } from '../../decode/decoder.ts'
import type { RealtimeEvent } from '../../shared/event.ts'
import { Failure } from '../../shared/failure.ts'
import { MAX_RULES } from '../../shared/protocol/rules.ts'
import { parseAction, type Rule, type RuleStatus } from '../../shared/rule.ts'
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
  /** Variables that its rules set, also those that were removed. */
  readonly #sets = new Set<string>()

  constructor(options: RulesOptions) {
    this.#options = options
  }

  get status(): readonly RuleStatus[] {
    return this.#runners.map(({ status }) => status)
  }

  /** Adds rules, which may use each other's variables. Rejects with a `Failure` if one is not valid, or there are too many. */
  async add(added: readonly Rule[]): Promise<void> {
    if (this.#runners.length + added.length > MAX_RULES)
      throw new Failure('TOO_MANY_RULES', `A connection can have ${MAX_RULES} rules; remove one first.`)
    const sets = added.flatMap(({ text }) => {
      const action = parseAction(text)
      return action.kind === 'set' ? [action.name] : []
    })
    const runners = added.map(
      (rule) => new RuleRunner(rule, this.#options, (name) => sets.includes(name) || this.#isKnown(name)),
    )
    const { decoders, started } = this.#options
    if (runners.some(({ looksAtPackets }) => looksAtPackets)) await this.#candidates.decode(decoders, started)
    for (const name of sets) this.#sets.add(name)
    for (const runner of runners) this.#runners.push(runner)
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

  #isKnown(name: string): boolean {
    const { variables, maySet = () => false } = this.#options
    return this.#sets.has(name) || maySet(name) || Object.hasOwn(variables(), name)
  }

  /** Call for each event of the connection, in order. Acts on inbound messages. */
  appended(event: RealtimeEvent): void {
    const candidate = this.#candidates.next(event)
    if (candidate === undefined) return
    const isOpen = event.type === 'open'
    // Variables are set first: the other rules may use them.
    for (const setsVariable of [true, false])
      for (const runner of this.#runners)
        if (runner.setsVariable === setsVariable && (!isOpen || runner.actsOnOpen)) runner.take(candidate)
  }
}
