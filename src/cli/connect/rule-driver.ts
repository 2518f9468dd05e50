/** Drives a connection of the terminal that acts on messages by rules. */
import { decodersWith } from '../../decode/decoders.ts'
import type { Hub } from '../../engine/hub.ts'
import { Rules } from '../../engine/rules/rules.ts'
import type { Variables } from '../../shared/compose/template.ts'
import type { RealtimeEvent } from '../../shared/event.ts'
import { Failure } from '../../shared/failure.ts'
import { UsageError } from '../command-line.ts'
import { printNotice } from '../standard-error.ts'
import type { ConnectPlan } from './connect-plan.ts'
import type { Connection, Driver } from './driver.ts'

/** Sentences after which no more problems are printed. Each may quote something else that the peer sent. */
const MOST_PRINTED = 100

/** Keeps the variables that rules set. */
export interface RuleVariables {
  /** Those that are set now. */
  readonly all: Variables
  /** Whether something else than a rule may set a variable. */
  maySet(name: string): boolean
  /** Throws a `Failure` if the value cannot be kept. */
  set(name: string, value: string): void
}

export class RuleDriver implements Driver {
  readonly #rules: Rules
  #hub: Hub | undefined
  #connection: Connection | undefined
  /** Sentences that were printed. */
  readonly #printed = new Set<string>()

  /** Makes the driver of the rules in a plan. Rejects with a `UsageError` if a rule is not valid. */
  static async prepare(
    { rules, dialects }: Pick<ConnectPlan, 'rules' | 'dialects'>,
    variables: RuleVariables,
  ): Promise<RuleDriver> {
    const driver = new RuleDriver(dialects, variables)
    try {
      await driver.#rules.add(rules)
    } catch (thrown) {
      throw thrown instanceof Failure ? new UsageError(thrown.message) : thrown
    }
    return driver
  }

  private constructor(dialects: ConnectPlan['dialects'], variables: RuleVariables) {
    this.#rules = new Rules({
      decoders: decodersWith(dialects),
      send: (message) => this.#connection?.send(message),
      disconnect: (request) => void this.#connection?.disconnect(request),
      mark: (text, rule) => this.#hub?.append({ type: 'mark', time: this.#hub.clock.now(), text, rule }),
      set: (name, value) => variables.set(name, value),
      variables: () => variables.all,
      maySet: (name) => variables.maySet(name),
      changed: () => this.#report(),
      now: () => performance.now(),
    })
  }

  starting(hub: Hub): void {
    this.#hub = hub
  }

  update(connection: Connection): void {
    this.#connection = connection
  }

  /** Before the event is written, because it may set a variable that is secret. */
  arriving(event: RealtimeEvent): void {
    this.#rules.appended(event)
  }

  stop(): void {
    this.#connection = undefined
    this.#rules.stop()
  }

  /** Prints once why a rule ended or did not act. */
  #report(): void {
    if (this.#connection === undefined) return
    for (const { filter, problem, ended } of this.#rules.status)
      for (const sentence of [problem, ended]) {
        const line = `Rule ${JSON.stringify(filter)}: ${sentence}`
        if (sentence === undefined || this.#printed.has(line)) continue
        if (sentence === problem && this.#printed.size >= MOST_PRINTED) continue
        this.#printed.add(line)
        printNotice(line)
      }
  }
}
