/** Runs the rules over a session, event by event, in one pass. */

import { typeNumber } from '../shared/event-columns.ts'
import { EVENT_TRAITS, EVENT_TYPES } from '../shared/event-types.ts'
import type { Finding } from '../shared/finding.ts'
import type { AlikeEvents } from './alike-events.ts'
import { type ObservedConnection, ObservedConnectionState } from './observed-connection.ts'
import type { Rule, RuleContext } from './rule.ts'
import type { CurrentEvent } from './rule-event.ts'
import { EMPTY_PLAN, NO_RULES, type RulePlan, RulePlans } from './rule-plans.ts'
import { RULES } from './rules.ts'
import { FoundByGroups, listed, Work, WorkGroup } from './works.ts'

/** What the user chose. */
export interface DiagnosisChoices {
  /** Thresholds by the names of their rules. */
  readonly thresholds?: Readonly<Record<string, number>> | undefined
  /** Whether a rule is muted for a connection; `url` is empty for the whole session. */
  readonly isMuted?: ((rule: string, url: string) => boolean) | undefined
}

export interface DiagnosisOptions extends DiagnosisChoices {
  /** Returns when the session started, in epoch milliseconds. A live session starts with its first event. */
  readonly startedAt?: () => number
  /** Default: the whole table. */
  readonly rules?: readonly Rule[]
}

/** What was found: without muted findings, and those. The most severe first, then by time. */
export interface FoundInSession {
  readonly findings: readonly Finding[]
  readonly muted: readonly Finding[]
}

/** A connection with its rules, which start with the first event of a type that they take. */
class Watched extends WorkGroup {
  readonly state: ObservedConnectionState
  plan: RulePlan = EMPTY_PLAN
  transport: string | undefined
  /** Some runs rest. */
  hasResting = false

  constructor(id: number, rules: number) {
    const state = new ObservedConnectionState(id)
    super(state, rules)
    this.state = state
  }
}

const IS_STEP = Uint8Array.from(EVENT_TYPES, (type) => Number(EVENT_TRAITS[type].isConnectionStep))
const MESSAGE = EVENT_TYPES.indexOf('message')
const RESPONSE = EVENT_TYPES.indexOf('response')
const OPEN = EVENT_TYPES.indexOf('open')

export class Diagnosis {
  readonly #rules: readonly Rule[]
  readonly #choices: DiagnosisChoices
  readonly #connections = new Map<number, Watched>()
  /** The rules for the whole session. */
  readonly #session: WorkGroup
  readonly #found = new FoundByGroups((group) => this.#tellSkipped(group))
  readonly #plans: RulePlans
  /** By the numbers of the rules. */
  readonly #contexts: readonly RuleContext[]
  /** Connections whose latest attempt has not ended. */
  readonly #attempts = new Set<Watched>()
  #latest: Watched | undefined
  #skipped = false
  /** How often payloads began to be left out. */
  #skips = 0

  constructor({ rules = RULES, startedAt, ...choices }: DiagnosisOptions = {}) {
    this.#rules = rules
    this.#choices = choices
    this.#plans = new RulePlans(rules)
    this.#contexts = rules.map((rule) => ({
      threshold: choices.thresholds?.[rule.name] ?? rule.threshold?.value ?? 0,
      connection: (id) => this.#watched(id).state,
      get startedAt() {
        return startedAt?.()
      },
    }))
    this.#session = new WorkGroup(undefined, rules.length)
    for (const [number, { scope }] of rules.entries())
      if (scope === 'session') this.#start(number, this.#session)
  }

  /** Takes the next event. Without payloads, rules that read payloads do not get it. */
  add(event: CurrentEvent, withPayloads = true): void {
    if (event.connection === 0) return
    const type = typeNumber(event.kind)
    const watched = this.#marked(event.connection)
    if (IS_STEP[type] === 1 || type === RESPONSE) this.#step(watched, event)
    let mayRest = this.#give(event, watched, watched.plan.columns[type])
    if (withPayloads) {
      this.#skipped = false
      this.#tellSkipped(watched)
      this.#tellSkipped(this.#session)
      if (this.#give(event, watched, watched.plan.payloads[type])) mayRest = true
    } else this.#skip()
    if (type === OPEN ? watched.hasResting : mayRest) this.#choose(watched)
    watched.state.after(event)
  }

  /** Whether `addAlike` takes events of a kind now. */
  takesAlike(connection: number, kind: number): boolean {
    if (connection === 0 || typeNumber(kind) !== MESSAGE) return false
    const watched = this.#watched(connection)
    for (const number of watched.plan.columns[MESSAGE] ?? NO_RULES)
      if (this.#work(watched, number)?.needsEach === true) return false
    return true
  }

  /** As `add`, for messages that are alike. No rule reads their payloads, or none may. */
  addAlike(events: AlikeEvents, withPayloads = true): void {
    const watched = this.#marked(events.connection)
    let rests = false
    for (const number of watched.plan.columns[MESSAGE] ?? NO_RULES) {
      const work = this.#work(watched, number)
      if (work === undefined || work.hasFailed) continue
      try {
        work.addAlike(events)
        if (work.mayRest && work.run.rests === true) rests = true
      } catch {
        work.hasFailed = true
      }
    }
    if (withPayloads) this.#skipped = false
    else this.#skip()
    if (rests) this.#choose(watched)
    watched.state.afterAlike(events)
  }

  /** Whether a rule reads the payload of an event of this kind. */
  readsPayload(connection: number, kind: number): boolean {
    if (connection === 0) return false
    const watched = this.#watched(connection)
    // Not by `some`, which makes a function for each event. Rules do not start: in a flood, they may never get a payload.
    for (const number of watched.plan.payloads[typeNumber(kind)] ?? NO_RULES)
      if ((watched.works[number] ?? this.#session.works[number])?.hasFailed !== true) return true
    return false
  }

  /** In the order of their first events. */
  get connections(): readonly ObservedConnection[] {
    return [...this.#connections.values()].map(({ state }) => state)
  }

  /** Rules that failed, by name. Their findings are missing. */
  get failed(): readonly string[] {
    return [...new Set(this.#all().flatMap(({ hasFailed, rule }) => (hasFailed ? rule.name : [])))]
  }

  /** What the rules have found up to session time `now` in ms, but for muted rules. */
  findings(now: number): readonly Finding[] {
    return this.#at(now).findings
  }

  /** What muted rules have found. */
  muted(now: number): readonly Finding[] {
    return this.#at(now).muted
  }

  /** Changes if what was found does. */
  get version(): number {
    return this.#found.version
  }

  /** Whether all rules have been asked since the last event. */
  get isCurrent(): boolean {
    return this.#found.isCurrent
  }

  /** Whether time alone may change what is found: an attempt has not ended. */
  get ages(): boolean {
    return this.#attempts.size > 0
  }

  /** Call when time has passed. */
  age(): void {
    for (const watched of this.#attempts) this.#found.mark(watched)
    if (this.ages) this.#found.mark(this.#session)
  }

  /** Asks the rules whose findings may have changed, until a time of `performance.now()`. Returns whether there are more. */
  refresh(now: number, until?: number): boolean {
    return this.#found.refresh(now, until)
  }

  /** What was found as of the last `refresh`. `isMuted` is that of the options unless it has changed since. */
  list(isMuted = this.#choices.isMuted): FoundInSession {
    const findings: Finding[] = []
    const muted: Finding[] = []
    for (const finding of this.#found.list()) {
      const list = isMuted?.(finding.rule, this.#urlOf(finding)) === true ? muted : findings
      list.push(finding)
    }
    return { findings: listed(findings), muted: listed(muted) }
  }

  #at(now: number): FoundInSession {
    this.#found.mark(this.#session)
    for (const watched of this.#connections.values()) this.#found.mark(watched)
    while (this.#found.refresh(now));
    return this.list()
  }

  #all(): Work[] {
    return [this.#session, ...this.#connections.values()].flatMap((group) => group.started)
  }

  #urlOf({ connection }: Finding): string {
    return connection === undefined ? '' : (this.#connections.get(connection)?.state.url ?? '')
  }

  /**
   * Gives the event to rules of the plan, by number. A rule that throws gets no more events of the connection, and is named in
   * `failed`. An event that cannot be read is no evidence, and not the rule's fault. Returns whether one of them rests.
   */
  #give(event: CurrentEvent, watched: Watched, numbers = NO_RULES): boolean {
    let rests = false
    for (const number of numbers) {
      const work = this.#work(watched, number)
      if (work === undefined || work.hasFailed) continue
      try {
        work.add(event)
        if (work.mayRest && work.run.rests === true) rests = true
      } catch {
        if (!event.isUnreadable) work.hasFailed = true
      }
    }
    return rests
  }

  /** A rule of the connection or of the session at work, which starts now if it has not. */
  #work(watched: Watched, number: number): Work | undefined {
    return watched.works[number] ?? this.#session.works[number] ?? this.#start(number, watched)
  }

  #start(number: number, group: WorkGroup): Work | undefined {
    const rule = this.#rules[number]
    const context = this.#contexts[number]
    if (rule === undefined || context === undefined) return undefined
    const work = new Work(rule, context, group.connection)
    group.works[number] = work
    return work
  }

  #watched(id: number): Watched {
    if (this.#latest?.state.id === id) return this.#latest
    let watched = this.#connections.get(id)
    if (watched === undefined) {
      watched = new Watched(id, this.#rules.length)
      this.#connections.set(id, watched)
      this.#choose(watched)
    }
    this.#latest = watched
    return watched
  }

  /** The connection of an event that comes now. */
  #marked(id: number): Watched {
    const watched = this.#watched(id)
    if (!watched.isDirty) this.#found.mark(watched)
    if (!this.#session.isDirty) this.#found.mark(this.#session)
    return watched
  }

  #step(watched: Watched, event: CurrentEvent): void {
    const { full, type } = event
    watched.state.before(full, event.number)
    if (type === 'connect' || type === 'open') this.#attempts.add(watched)
    else if (!watched.state.isOpen && type !== 'response') this.#attempts.delete(watched)
    if (watched.transport === watched.state.transport) return
    watched.transport = watched.state.transport
    this.#choose(watched)
  }

  /** Chooses the rules that look at the transport of the connection, and leaves out runs that rest. Others go on. */
  #choose(watched: Watched): void {
    const resting: number[] = []
    for (const number of watched.plan.chosen)
      if (watched.works[number]?.run.rests === true) resting.push(number)
    watched.hasResting = resting.length > 0
    watched.plan = this.#plans.after(watched.plan, watched.state.transport, resting)
  }

  #skip(): void {
    if (!this.#skipped) this.#skips++
    this.#skipped = true
  }

  /**
   * Tells rules that read payloads that some were left out: before they get the next one, and before they are asked. Until then it makes no
   * difference to them, and there may be fifty thousand.
   */
  #tellSkipped(group: WorkGroup): void {
    if (group.skips === this.#skips) return
    group.skips = this.#skips
    for (const work of group.started) {
      if (work.rule.readsPayloads !== true || work.hasFailed) continue
      try {
        work.run.skipped?.()
      } catch {
        work.hasFailed = true
      }
    }
  }
}
