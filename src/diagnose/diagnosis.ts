/** Runs the rules over a session, event by event, in one pass. */

import { EVENT_TRAITS, EVENT_TYPES } from '../shared/event-types.ts'
import { type Finding, type FindingCounts, SEVERITIES, type Severity } from '../shared/finding.ts'
import { maskText } from '../shared/secrets.ts'
import { type ObservedConnection, ObservedConnectionState } from './observed-connection.ts'
import type { Found, Rule, RuleContext, RuleRun } from './rule.ts'
import type { CurrentEvent } from './rule-event.ts'
import { RULES } from './rules.ts'

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

/** Findings of one rule on one connection at most, and of a session. */
const MAX_OF_RUN = 20
const MAX_FINDINGS = 1000

/** A rule at work. */
interface Work {
  readonly rule: Rule
  readonly run: RuleRun
  readonly connection: ObservedConnectionState | undefined
  hasFailed: boolean
}

/** The rules at work on a connection, by the number of the event type. */
type Takers = readonly Work[][]

interface Watched {
  readonly state: ObservedConnectionState
  readonly works: Work[]
  columns: Takers
  payloads: Takers
  transport: string | undefined
}

const IS_STEP = Uint8Array.from(EVENT_TYPES, (type) => Number(EVENT_TRAITS[type].isConnectionStep))
const RESPONSE = EVENT_TYPES.indexOf('response')
const TYPE_MASK = 0x0f

export class Diagnosis {
  readonly #rules: readonly Rule[]
  readonly #choices: DiagnosisChoices
  readonly #connections = new Map<number, Watched>()
  /** Those of rules for the whole session. */
  readonly #works: Work[]
  readonly #context: Pick<RuleContext, 'connection'>
  readonly #startedAt: (() => number) | undefined
  #latest: Watched | undefined
  #skipped = false

  constructor({ rules = RULES, startedAt, ...choices }: DiagnosisOptions = {}) {
    this.#rules = rules
    this.#choices = choices
    this.#startedAt = startedAt
    this.#context = { connection: (id) => this.#watched(id).state }
    this.#works = rules.filter(({ scope }) => scope === 'session').map((rule) => this.#start(rule, undefined))
  }

  /** Takes the next event. Without payloads, rules that read payloads do not get it. */
  add(event: CurrentEvent, withPayloads = true): void {
    const type = event.kind & TYPE_MASK
    const watched = event.connection === 0 ? undefined : this.#watched(event.connection)
    if (watched === undefined) return
    if (IS_STEP[type] === 1 || type === RESPONSE) this.#step(watched, event)
    give(watched.columns[type], event)
    if (withPayloads) {
      this.#skipped = false
      give(watched.payloads[type], event)
    } else this.#skip()
    watched.state.after(event)
  }

  /** In the order of their first events. */
  get connections(): readonly ObservedConnection[] {
    return [...this.#connections.values()].map(({ state }) => state)
  }

  /** Rules that failed, by name. Their findings are missing. */
  get failed(): readonly string[] {
    return [...new Set(this.#all().flatMap(({ hasFailed, rule }) => (hasFailed ? rule.name : [])))]
  }

  /** What the rules have found up to session time `now` in ms, but for muted rules: the most severe first, then by time. */
  findings(now: number): Finding[] {
    return this.#list(now).filter((finding) => !this.#isMuted(finding))
  }

  /** How many findings there are that are muted. */
  muted(now: number): Finding[] {
    return this.#list(now).filter((finding) => this.#isMuted(finding))
  }

  #list(now: number): Finding[] {
    const findings: Finding[] = []
    for (const work of this.#all()) {
      for (const found of foundBy(work, now)) {
        if (findings.length >= MAX_FINDINGS) break
        findings.push(this.#complete(work, found))
      }
    }
    return findings.sort(bySeverity)
  }

  #all(): Work[] {
    return [...this.#works, ...[...this.#connections.values()].flatMap(({ works }) => works)]
  }

  #complete({ rule, connection }: Work, found: Found): Finding {
    const { threshold, source } = rule
    return {
      rule: rule.name,
      ...(connection !== undefined && { connection: connection.id }),
      ...(source !== undefined && { source }),
      ...(threshold !== undefined && {
        threshold: { value: this.#thresholdOf(rule), unit: threshold.unit },
      }),
      ...masked(found),
    }
  }

  #isMuted({ rule, connection }: Finding): boolean {
    const url = connection === undefined ? '' : (this.#connections.get(connection)?.state.url ?? '')
    return this.#choices.isMuted?.(rule, url) === true
  }

  #thresholdOf({ name, threshold }: Rule): number {
    return this.#choices.thresholds?.[name] ?? threshold?.value ?? 0
  }

  #start(rule: Rule, connection: ObservedConnectionState | undefined): Work {
    const startedAt = this.#startedAt
    const context = {
      ...this.#context,
      threshold: this.#thresholdOf(rule),
      get startedAt() {
        return startedAt?.()
      },
    }
    return { rule, run: rule.start(context, connection), connection, hasFailed: false }
  }

  #watched(id: number): Watched {
    if (this.#latest?.state.id === id) return this.#latest
    let watched = this.#connections.get(id)
    if (watched === undefined) {
      const state = new ObservedConnectionState(id)
      watched = { state, works: [], columns: [], payloads: [], transport: undefined }
      this.#connections.set(id, watched)
      this.#choose(watched)
    }
    this.#latest = watched
    return watched
  }

  #step(watched: Watched, event: CurrentEvent): void {
    watched.state.before(event.full, event.number)
    if (watched.transport === watched.state.transport) return
    watched.transport = watched.state.transport
    this.#choose(watched)
  }

  /** Starts the rules that look at the transport of the connection. Rules that run already go on. */
  #choose(watched: Watched): void {
    const { state, works } = watched
    for (const rule of this.#rules)
      if (rule.scope === 'connection' && fits(rule, state) && !works.some((work) => work.rule === rule))
        works.push(this.#start(rule, state))
    const all = [...works, ...this.#works.filter(({ rule }) => fits(rule, state))]
    const takers = (readsPayloads: boolean): Takers =>
      EVENT_TYPES.map((type) =>
        all.filter(
          ({ rule }) => (rule.readsPayloads ?? false) === readsPayloads && rule.takes.includes(type),
        ),
      )
    watched.columns = takers(false)
    watched.payloads = takers(true)
  }

  #skip(): void {
    if (this.#skipped) return
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

/** What a rule says may quote the session. */
function masked(found: Found): Found {
  const { title, message, confidence, evidence } = found
  return {
    ...found,
    title: maskText(title),
    message: maskText(message),
    ...(confidence !== undefined && { confidence: maskText(confidence) }),
    evidence: Object.fromEntries(
      Object.entries(evidence).map(([name, value]) => [
        name,
        typeof value === 'string' ? maskText(value) : value,
      ]),
    ),
  }
}

/** A rule that throws gets no more events of the connection, and is named in `failed`. */
function give(works: readonly Work[] | undefined, event: CurrentEvent): void {
  if (works === undefined) return
  for (const work of works) {
    if (work.hasFailed) continue
    try {
      work.run.add(event)
    } catch {
      work.hasFailed = true
    }
  }
}

function foundBy(work: Work, now: number): readonly Found[] {
  if (work.hasFailed) return []
  try {
    return work.run.findings(now).slice(0, MAX_OF_RUN)
  } catch {
    work.hasFailed = true
    return []
  }
}

function bySeverity(one: Finding, other: Finding): number {
  const rank = ({ severity }: Finding) => SEVERITIES.indexOf(severity)
  return rank(one) - rank(other) || (one.from ?? 0) - (other.from ?? 0)
}

export function countFindings(findings: readonly Pick<Finding, 'severity'>[]): FindingCounts {
  const counts: Record<Severity, number> = { error: 0, warning: 0, info: 0 }
  for (const { severity } of findings) counts[severity]++
  return counts
}
