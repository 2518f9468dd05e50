/** Drives a connection of the terminal that answers messages by rules. */
import { decodersWith } from '../../decode/decoders.ts'
import { Rules } from '../../engine/rules/rules.ts'
import type { RealtimeEvent } from '../../shared/event.ts'
import { Failure } from '../../shared/failure.ts'
import { UsageError } from '../command-line.ts'
import { printNotice } from '../standard-error.ts'
import type { ConnectPlan } from './connect-plan.ts'
import type { Connection, Driver } from './driver.ts'

/** Sentences after which no more problems are printed. Each may quote something else that the peer sent. */
const MOST_PRINTED = 100

export class RuleDriver implements Driver {
  readonly #rules: Rules
  #connection: Connection | undefined
  /** Sentences that were printed. */
  readonly #printed = new Set<string>()

  /** Makes the driver of the rules in a plan. Rejects with a `UsageError` if a rule is not valid. */
  static async prepare({ rules, dialects }: Pick<ConnectPlan, 'rules' | 'dialects'>): Promise<RuleDriver> {
    const driver = new RuleDriver(dialects)
    try {
      for (const rule of rules) await driver.#rules.add(rule)
    } catch (thrown) {
      throw thrown instanceof Failure ? new UsageError(thrown.message) : thrown
    }
    return driver
  }

  private constructor(dialects: ConnectPlan['dialects']) {
    this.#rules = new Rules({
      decoders: decodersWith(dialects),
      send: (message) => this.#connection?.send(message),
      changed: () => this.#report(),
      now: () => performance.now(),
    })
  }

  update(connection: Connection): void {
    this.#connection = connection
  }

  appended(event: RealtimeEvent): void {
    this.#rules.appended(event)
  }

  stop(): void {
    this.#connection = undefined
    this.#rules.stop()
  }

  /** Prints once why a rule ended or did not answer. */
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
