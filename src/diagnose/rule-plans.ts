/** Which rules get which events of a connection. Connections that are alike share a plan. */
import { EVENT_TRAITS, EVENT_TYPES } from '../shared/event-types.ts'
import type { TransportName } from '../shared/transports.ts'
import type { Rule } from './rule.ts'

/** Rules as numbers of the table, by the number of the event type. */
export type Takers = readonly (readonly number[])[]

export interface RulePlan {
  /** The rules for connections that have been chosen so far. They go on if the transport changes. */
  readonly chosen: ReadonlySet<number>
  /** Rules that do not read payloads, and those that do. */
  readonly columns: Takers
  readonly payloads: Takers
}

/** Shared by all plans: most have no rules for most types. */
export const NO_RULES: readonly number[] = []
export const EMPTY_PLAN: RulePlan = { chosen: new Set(), columns: [], payloads: [] }

export class RulePlans {
  readonly #rules: readonly Rule[]
  /** By transport, chosen rules and resting rules. There are few combinations. */
  readonly #plans = new Map<string, RulePlan>()

  constructor(rules: readonly Rule[]) {
    this.#rules = rules
  }

  /** The plan of a connection: the one before with the rules that look at its transport. Rules that rest get steps only. */
  after(before: RulePlan, transport: TransportName | undefined, resting: readonly number[]): RulePlan {
    const key = `${transport} ${[...before.chosen]} ${resting}`
    let plan = this.#plans.get(key)
    if (plan === undefined) {
      plan = this.#make(before, transport, new Set(resting))
      this.#plans.set(key, plan)
    }
    return plan
  }

  #make(before: RulePlan, transport: TransportName | undefined, resting: ReadonlySet<number>): RulePlan {
    const fitting = [...this.#rules.keys()].filter((number) => this.#fits(number, transport))
    const ofScope = (scope: Rule['scope']) => fitting.filter((number) => this.#rules[number]?.scope === scope)
    const chosen = new Set([...before.chosen, ...ofScope('connection')])
    const all = [...chosen, ...ofScope('session')]
    const takers = (readsPayloads: boolean): Takers =>
      EVENT_TYPES.map((type) => {
        const isStep = EVENT_TRAITS[type].isConnectionStep
        const takers = all.filter((number) => {
          const rule = this.#rules[number]
          return (
            rule?.takes.includes(type) === true &&
            (rule.readsPayloads ?? false) === readsPayloads &&
            (isStep || !resting.has(number))
          )
        })
        return takers.length === 0 ? NO_RULES : takers
      })
    return { chosen, columns: takers(false), payloads: takers(true) }
  }

  #fits(number: number, transport: TransportName | undefined): boolean {
    const transports = this.#rules[number]?.transports
    return transports === undefined || (transport !== undefined && transports.includes(transport))
  }
}
