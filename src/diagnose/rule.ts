/** The interface of a rule. A rule states its evidence or stays silent. */
import type { EventType } from '../shared/event-types.ts'
import type { Finding, FindingSource, ThresholdUnit } from '../shared/finding.ts'
import type { TransportName } from '../shared/transports.ts'
import type { AlikeEvents } from './alike-events.ts'
import type { ObservedConnection } from './observed-connection.ts'
import type { RuleEvent } from './rule-event.ts'

/** What a rule says. `Diagnosis` adds what the table knows of the rule. */
export type Found = Omit<Finding, 'rule' | 'source' | 'threshold' | 'title'> & {
  readonly title: string
  /** If it is not the source of the rule. */
  readonly source?: FindingSource
  /** False if it was found whatever the threshold of the rule is, so that the finding does not name it. Default true. */
  readonly hasThreshold?: boolean
}

/** A limit that users can set. Above it, or below if `about` says so, the rule has a finding. */
export interface RuleThreshold {
  readonly value: number
  readonly unit: ThresholdUnit
  /** What is compared with it, as a phrase: `Silence on a connection that lives`. */
  readonly about: string
}

export interface RuleContext {
  /** The threshold, as the user set it. 0 if the rule has none. */
  readonly threshold: number
  /** When the session started, in epoch milliseconds. Known from its first event on, if at all. */
  readonly startedAt: number | undefined
  /** What is known of a connection, as of the current event. Later calls return the same object, with newer values. */
  connection(id: number): ObservedConnection
}

/** A rule at work on one connection or on one session. Keeps a bounded state. */
export interface RuleRun {
  /** Takes the next event of the rule's types. The object is reused for the next event. */
  add(event: RuleEvent): void
  /**
   * As `add`, for many messages at once, which is faster by far if all rules of the connection can. The object and its columns are
   * valid only during the call, and the silences of the connection are those from before the first of the messages. Not for
   * rules that read payloads.
   */
  addAlike?(events: AlikeEvents): void
  /** It has to get the next messages one by one, with `add`. */
  readonly needsEach?: boolean
  /**
   * It needs no more of the events that come in numbers, such as messages, until the connection opens again. It then gets only
   * the steps of the connection. For rules with the scope `connection`.
   */
  readonly rests?: boolean
  /** Events were left out because the diagnosis could not keep up: the next event does not follow the last one. */
  skipped?(): void
  /**
   * What it has found so far. May be called at any time, and again after further events. `now` is the session time in ms
   * up to which the events are known.
   */
  findings(now: number): readonly Found[]
}

/** A row of the table of rules. */
export interface Rule {
  /** As in `Finding.rule`. */
  readonly name: string
  /** What it looks for, as a phrase: `Polls that bring nothing`. */
  readonly about: string
  /** The types of events that `add` gets. A run for a connection starts when the first of them comes: what time alone shows needs one. */
  readonly takes: readonly EventType[]
  /**
   * Whether it reads payloads or decoded packets. While events come faster than they can be decoded, such a rule does not get
   * all of them. Default false.
   */
  readonly readsPayloads?: boolean
  /** The transports of connections that it looks at. Default all. Such a rule gets no event before the transport is known. */
  readonly transports?: readonly TransportName[]
  readonly threshold?: RuleThreshold
  readonly source?: FindingSource
  /** A run for each connection; or one for the whole session, which gets the events of all connections. */
  readonly scope: 'connection' | 'session'
  /** `connection` is undefined for a rule with the scope `session`. */
  start(context: RuleContext, connection: ObservedConnection | undefined): RuleRun
}

/** A rule that looks at each connection by itself. */
export function connectionRule(
  rule: Omit<Rule, 'scope' | 'start'> & {
    start(connection: ObservedConnection, context: RuleContext): RuleRun
  },
): Rule {
  const start: Rule['start'] = (context, connection) => {
    if (connection === undefined) throw new TypeError(`The rule ${rule.name} needs a connection.`)
    return rule.start(connection, context)
  }
  return { ...rule, scope: 'connection', start }
}

/** A rule that compares the connections of a session. */
export function sessionRule(
  rule: Omit<Rule, 'scope' | 'start'> & { start(context: RuleContext): RuleRun },
): Rule {
  return { ...rule, scope: 'session' }
}
