/** Rules at work, in groups: those of a connection, and those of the session. What a group has found is kept until it may change. */
import { isDeepStrictEqual } from 'node:util'
import { type Finding, SEVERITIES } from '../shared/finding.ts'
import type { FindingChart } from '../shared/finding-chart.ts'
import { maskText } from '../shared/secrets.ts'
import { shortened } from '../shared/text/shortened.ts'
import type { AlikeEvents } from './alike-events.ts'
import type { ObservedConnection } from './observed-connection.ts'
import type { Found, Rule, RuleContext, RuleRun } from './rule.ts'
import type { RuleEvent } from './rule-event.ts'

/** Findings of one rule on one connection at most. */
const MAX_OF_RUN = 20
/** Characters of a text in the evidence. */
const MAX_EVIDENCE = 500
/** Findings of a session that are listed, and that have charts. */
export const MAX_FINDINGS = 1000

const NO_FINDINGS: readonly Finding[] = []
const NOTHING_FOUND: readonly Found[] = []

/** A rule at work. */
export class Work {
  readonly rule: Rule
  readonly run: RuleRun
  readonly context: RuleContext
  /** The functions of the run. The classes of runs have little in common, so finding one for each event takes time. */
  readonly #add: RuleRun['add']
  readonly #addAlike: RuleRun['addAlike']
  /** Whether the run may say that it rests. */
  readonly mayRest: boolean
  hasFailed = false

  constructor(rule: Rule, context: RuleContext, connection: ObservedConnection | undefined) {
    this.rule = rule
    this.context = context
    this.run = rule.start(context, connection)
    // Not bound: there may be five thousand connections with a dozen rules each.
    this.#add = this.run.add
    this.#addAlike = this.run.addAlike
    this.mayRest = 'rests' in this.run
  }

  /** Gives an event to the run. */
  add(event: RuleEvent): void {
    this.#add.call(this.run, event)
  }

  /** As `add`, for events that are alike, if the run can. */
  addAlike(events: AlikeEvents): void {
    this.#addAlike?.call(this.run, events)
  }

  /** Whether it needs every event for itself. */
  get needsEach(): boolean {
    return !this.hasFailed && (this.#addAlike === undefined || this.run.needsEach === true)
  }
}

export class WorkGroup {
  /** Undefined for the session. */
  readonly connection: ObservedConnection | undefined
  /** By the numbers of the rules. Rules that have not started have none. */
  readonly works: (Work | undefined)[]
  /** What it had found when it was last asked. */
  findings: readonly Finding[] = []
  /** What it finds may have changed since. */
  isDirty = false
  /** How often payloads had begun to be left out when its rules were last told. */
  skips = 0

  /** `rules` is the number of rules in the table. */
  constructor(connection: ObservedConnection | undefined, rules: number) {
    this.connection = connection
    this.works = Array.from({ length: rules }, () => undefined)
  }

  /** The rules that have started, in the order of the table. */
  get started(): Work[] {
    return this.works.filter((work) => work !== undefined)
  }

  collect(now: number, withCharts: boolean): readonly Finding[] {
    // Most rules find nothing. No list is made for them.
    let findings = NO_FINDINGS
    for (const work of this.works) {
      const found = work === undefined ? NOTHING_FOUND : foundBy(work, now)
      if (work === undefined || found.length === 0) continue
      findings = [...findings, ...found.map((each) => this.#complete(work, each, withCharts))]
    }
    return findings
  }

  #complete({ rule, context }: Work, found: Found, withCharts: boolean): Finding {
    const { connection } = this
    const { source } = rule
    const { chart, hasThreshold = true, ...said } = found
    const unit = hasThreshold ? rule.threshold?.unit : undefined
    return {
      rule: rule.name,
      ...(connection !== undefined && { connection: connection.id }),
      ...(source !== undefined && { source }),
      ...(unit !== undefined && { threshold: { value: context.threshold, unit } }),
      ...masked(said),
      ...(chart !== undefined && withCharts && { chart: maskedChart(chart) }),
    }
  }
}

/** What the groups of a session have found, as of the last `refresh`. */
export class FoundByGroups {
  #dirty: WorkGroup[] = []
  /** Those of them that are being asked. */
  #asked: WorkGroup[] = []
  readonly #withFindings = new Set<WorkGroup>()
  readonly #beforeAsking: (group: WorkGroup) => void
  #count = 0
  #version = 0

  /** `beforeAsking` is called with each group before its rules are asked. */
  constructor(beforeAsking: (group: WorkGroup) => void) {
    this.#beforeAsking = beforeAsking
  }

  /** Changes if a finding does. */
  get version(): number {
    return this.#version
  }

  /** Whether everything that was found is known. */
  get isCurrent(): boolean {
    return this.#dirty.length === 0 && this.#asked.length === 0
  }

  /** Call when what a group finds may have changed. */
  mark(group: WorkGroup): void {
    if (group.isDirty) return
    group.isDirty = true
    this.#dirty.push(group)
  }

  /**
   * Asks the groups that are marked, until a time of `performance.now()`. Returns whether there are more: call again, even if
   * others are marked in the meantime.
   */
  refresh(now: number, until = Number.POSITIVE_INFINITY): boolean {
    if (this.#asked.length === 0) {
      this.#asked = this.#dirty
      this.#dirty = []
      for (const group of this.#asked) group.isDirty = false
    }
    do {
      const group = this.#asked.pop()
      if (group === undefined) return false
      this.#collect(group, now)
    } while (performance.now() < until)
    return this.#asked.length > 0
  }

  /** All findings, the most severe first, then by time. */
  list(): Finding[] {
    return [...this.#withFindings].flatMap(({ findings }) => findings).sort(bySeverity)
  }

  #collect(group: WorkGroup, now: number): void {
    this.#beforeAsking(group)
    const findings = group.collect(now, this.#count < MAX_FINDINGS)
    if (findings.length === 0 && group.findings.length === 0) return
    if (isDeepStrictEqual(findings, group.findings)) return
    this.#count += findings.length - group.findings.length
    this.#version++
    group.findings = findings
    if (findings.length > 0) this.#withFindings.add(group)
    else this.#withFindings.delete(group)
  }
}

/** The first findings that are listed. A rule that finds the same on each connection does not displace the others. */
export function listed(findings: readonly Finding[]): readonly Finding[] {
  if (findings.length <= MAX_FINDINGS) return findings
  const counts = new Map<string, number>()
  const share = MAX_FINDINGS / new Set(findings.map(({ rule }) => rule)).size
  const isInShare = ({ rule }: Finding): boolean => {
    const count = (counts.get(rule) ?? 0) + 1
    counts.set(rule, count)
    return count <= share
  }
  const first = new Set(findings.filter(isInShare))
  for (const finding of findings) {
    if (first.size >= MAX_FINDINGS) break
    first.add(finding)
  }
  return findings.filter((finding) => first.has(finding))
}

function foundBy(work: Work, now: number): readonly Found[] {
  if (work.hasFailed) return NOTHING_FOUND
  try {
    const found = work.run.findings(now)
    return found.length <= MAX_OF_RUN ? found : found.slice(0, MAX_OF_RUN)
  } catch {
    work.hasFailed = true
    return NOTHING_FOUND
  }
}

/** What a rule says may quote the session. */
function masked(found: Omit<Found, 'chart' | 'hasThreshold'>) {
  const { title, message, advice, confidence, evidence } = found
  return {
    ...found,
    title: maskText(title),
    message: maskText(message),
    ...(advice !== undefined && { advice: maskText(advice) }),
    ...(confidence !== undefined && { confidence: maskText(confidence) }),
    evidence: Object.fromEntries(
      Object.entries(evidence).map(([name, value]) => [
        name,
        typeof value === 'string' ? shortened(maskText(value), MAX_EVIDENCE) : value,
      ]),
    ),
  }
}

/** The values of a series may be those of a field, whose name is from the session. */
function maskedChart(chart: FindingChart): FindingChart {
  return chart.kind === 'series' ? { ...chart, label: maskText(chart.label) } : chart
}

function bySeverity(one: Finding, other: Finding): number {
  const rank = ({ severity }: Finding) => SEVERITIES.indexOf(severity)
  return rank(one) - rank(other) || (one.from ?? 0) - (other.from ?? 0)
}
