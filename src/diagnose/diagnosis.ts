/** Runs the rules over a session, event by event, in one pass. */

import { typeNumber } from '../shared/event-columns.ts'
import { EVENT_TRAITS, EVENT_TYPES } from '../shared/event-types.ts'
import type { Finding } from '../shared/finding.ts'
import { type ObservedConnection, ObservedConnectionState } from './observed-connection.ts'
import type { Rule, RuleContext } from './rule.ts'
import type { CurrentEvent } from './rule-event.ts'
import { RULES } from './rules.ts'
import { FoundByGroups, listed, type Work, WorkGroup } from './works.ts'

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

/** The rules at work on a connection, by the number of the event type. */
type Takers = readonly (readonly Work[])[]

/** A connection with its rules. */
class Watched extends WorkGroup {
  readonly state: ObservedConnectionState
  columns: Takers = []
  payloads: Takers = []
  transport: string | undefined
  /** Some runs rest. */
  hasResting = false

  constructor(id: number) {
    const state = new ObservedConnectionState(id)
    super(state)
    this.state = state
  }
}

/** Shared by all connections: most have no rules for most types. */
const NO_WORKS: readonly Work[] = []
const IS_STEP = Uint8Array.from(EVENT_TYPES, (type) => Number(EVENT_TRAITS[type].isConnectionStep))
const RESPONSE = EVENT_TYPES.indexOf('response')
const OPEN = EVENT_TYPES.indexOf('open')

export class Diagnosis {
  readonly #rules: readonly Rule[]
  readonly #choices: DiagnosisChoices
  readonly #connections = new Map<number, Watched>()
  /** The rules for the whole session. */
  readonly #session: WorkGroup
  readonly #found = new FoundByGroups()
  readonly #context: Pick<RuleContext, 'connection'>
  readonly #startedAt: (() => number) | undefined
  /** Connections whose latest attempt has not ended. */
  readonly #attempts = new Set<Watched>()
  #latest: Watched | undefined
  #skipped = false

  constructor({ rules = RULES, startedAt, ...choices }: DiagnosisOptions = {}) {
    this.#rules = rules
    this.#choices = choices
    this.#startedAt = startedAt
    this.#context = { connection: (id) => this.#watched(id).state }
    this.#session = new WorkGroup(undefined)
    for (const rule of rules)
      if (rule.scope === 'session') this.#session.works.push(this.#start(rule, undefined))
  }

  /** Takes the next event. Without payloads, rules that read payloads do not get it. */
  add(event: CurrentEvent, withPayloads = true): void {
    if (event.connection === 0) return
    const type = typeNumber(event.kind)
    const watched = this.#watched(event.connection)
    if (!watched.isDirty) this.#found.mark(watched)
    if (!this.#session.isDirty) this.#found.mark(this.#session)
    if (IS_STEP[type] === 1 || type === RESPONSE) this.#step(watched, event)
    let mayRest = give(watched.columns[type], event)
    if (withPayloads) {
      this.#skipped = false
      if (give(watched.payloads[type], event)) mayRest = true
    } else if (!this.#skipped) this.#skip()
    if (type === OPEN ? watched.hasResting : mayRest) this.#choose(watched)
    watched.state.after(event)
  }

  /** Whether a rule reads the payload of an event of this kind. */
  readsPayload(connection: number, kind: number): boolean {
    const works = connection === 0 ? [] : (this.#watched(connection).payloads[typeNumber(kind)] ?? [])
    return works.some(({ hasFailed }) => !hasFailed)
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
    return [...this.#session.works, ...[...this.#connections.values()].flatMap(({ works }) => works)]
  }

  #urlOf({ connection }: Finding): string {
    return connection === undefined ? '' : (this.#connections.get(connection)?.state.url ?? '')
  }

  #start(rule: Rule, connection: ObservedConnectionState | undefined): Work {
    const startedAt = this.#startedAt
    const threshold = this.#choices.thresholds?.[rule.name] ?? rule.threshold?.value ?? 0
    const context = {
      ...this.#context,
      threshold,
      get startedAt() {
        return startedAt?.()
      },
    }
    return { rule, run: rule.start(context, connection), threshold, hasFailed: false }
  }

  #watched(id: number): Watched {
    if (this.#latest?.state.id === id) return this.#latest
    let watched = this.#connections.get(id)
    if (watched === undefined) {
      watched = new Watched(id)
      this.#connections.set(id, watched)
      this.#choose(watched)
    }
    this.#latest = watched
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

  /** Starts the rules that look at the transport of the connection, and leaves out runs that rest. Others go on. */
  #choose(watched: Watched): void {
    const { state, works } = watched
    for (const rule of this.#rules)
      if (rule.scope === 'connection' && fits(rule, state) && !works.some((work) => work.rule === rule))
        works.push(this.#start(rule, state))
    const all = [...works, ...this.#session.works.filter(({ rule }) => fits(rule, state))]
    const takers = (readsPayloads: boolean): Takers =>
      EVENT_TYPES.map((type) => {
        const takers = all.filter(
          ({ rule, run }) =>
            (rule.readsPayloads ?? false) === readsPayloads &&
            rule.takes.includes(type) &&
            (run.rests !== true || EVENT_TRAITS[type].isConnectionStep),
        )
        return takers.length === 0 ? NO_WORKS : takers
      })
    watched.hasResting = works.some(({ run }) => run.rests === true)
    watched.columns = takers(false)
    watched.payloads = takers(true)
  }

  #skip(): void {
    this.#skipped = true
    for (const work of this.#all()) {
      if (work.rule.readsPayloads !== true || work.hasFailed) continue
      try {
        work.run.skipped?.()
      } catch {
        work.hasFailed = true
      }
    }
  }
}

function fits({ transports }: Rule, { transport }: ObservedConnection): boolean {
  return transports === undefined || (transport !== undefined && transports.includes(transport))
}

/**
 * A rule that throws gets no more events of the connection, and is named in `failed`. An event that cannot be read is no
 * evidence, and not the rule's fault. Returns whether one of them rests.
 */
function give(works: readonly Work[] | undefined, event: CurrentEvent): boolean {
  let rests = false
  if (works === undefined) return rests
  for (const work of works) {
    if (work.hasFailed) continue
    try {
      work.run.add(event)
      if (work.run.rests === true) rests = true
    } catch {
      if (!event.isUnreadable) work.hasFailed = true
    }
  }
  return rests
}
