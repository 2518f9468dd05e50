/** Runs one rule over the messages of a connection, one after another. */
import { looksAtPackets } from '../../capture/filter/compile.ts'
import type { LiveCandidate } from '../../capture/filter/live-candidate.ts'
import { Failure } from '../../shared/failure.ts'
import { someFilter } from '../../shared/filter/syntax.ts'
import type { Rule, RuleStatus } from '../../shared/rule.ts'
import { liveFilter } from '../matching/live-filter.ts'
import type { Groups } from '../matching/matched-value.ts'
import { MessageMatcher } from '../matching/message-matcher.ts'
import { type ActHost, actOf, type RuleAct } from './rule-act.ts'

/** Actions within a second after which the rule ends: it probably answers its own answers. */
const MOST_A_SECOND = 100

export interface RuleHost extends ActHost {
  /** Called on every change of status. */
  changed(): void
  /** Milliseconds, for the limit of actions. */
  now(): number
}

export class RuleRunner {
  readonly #rule: Rule
  readonly #host: RuleHost
  readonly #matcher: MessageMatcher
  readonly #act: RuleAct
  /** Whether it acts also when the connection opens. */
  readonly actsOnOpen: boolean
  /** Whether it needs to know the packets of messages. */
  readonly looksAtPackets: boolean
  #count = 0
  /** When it acted latest. */
  #recent: number[] = []
  #problem: string | undefined
  #ended: string | undefined

  /** `isKnown`: whether another rule may set a variable. Throws a `Failure` if the filter or the text is not valid. */
  constructor(rule: Rule, host: RuleHost, isKnown: (name: string) => boolean = () => false) {
    this.#rule = rule
    this.#host = host
    const filter = liveFilter(rule.filter, { noun: 'rule', code: 'BAD_RULE' })
    this.#act = actOf(rule, host, isKnown)
    this.#matcher = new MessageMatcher({
      filter,
      needsGroups: this.#act.usesGroups,
      found: (candidate, groups) => this.#found(candidate, groups),
      failed: (why) => this.stop(why),
      tooFast:
        'The rule was stopped: messages came faster than its regular expression could search them; make it simpler.',
    })
    this.actsOnOpen = someFilter(filter, (part) => part.kind === 'type' && part.type === 'open')
    // A path in the text may lead into a packet.
    this.looksAtPackets = looksAtPackets(filter) || this.#act.usesValues
  }

  get setsVariable(): boolean {
    return this.#act.isImmediate
  }

  get status(): RuleStatus {
    const problem = this.#problem
    const ended = this.#ended
    const { written } = this.#rule
    const { filter, text } = written ?? this.#rule
    return {
      filter,
      text,
      ...(written !== undefined && { isFromFile: true }),
      count: this.#count,
      ...(problem !== undefined && { problem }),
      ...(ended !== undefined && { ended }),
    }
  }

  /** Acts on the event if the filter finds it. The candidate may be read only during the call, unless it is detached. */
  take(candidate: LiveCandidate): void {
    if (this.#ended === undefined) this.#matcher.take(candidate)
  }

  /** Acts again after it was stopped. */
  start(): void {
    this.#ended = undefined
    this.#recent = []
    this.#host.changed()
  }

  /** Acts no more; `why` is a sentence. */
  stop(why = 'The rule is switched off.'): void {
    if (this.#ended !== undefined) return
    this.#ended = why
    this.#matcher.stop()
    this.#host.changed()
  }

  #found(candidate: LiveCandidate, groups: Groups): void {
    if (!this.#mayAct()) return
    this.#noting(() => {
      const documents = [candidate.json(), ...candidate.values()]
      const act = this.#act.prepare({ groups, text: candidate.text() ?? '', documents })
      if (this.#act.isImmediate) this.#do(act)
      // It comes after all events that were received with the message.
      else queueMicrotask(() => this.#noting(() => this.#do(act)))
    })
  }

  #do(act: () => void): void {
    if (this.#ended !== undefined) return
    act()
    this.#count++
    this.#problem = undefined
    this.#host.changed()
  }

  /** Takes note if it cannot act. */
  #noting(act: () => void): void {
    try {
      act()
    } catch (thrown) {
      if (!(thrown instanceof Failure)) throw thrown
      this.#problem = thrown.message
      this.#host.changed()
    }
  }

  #mayAct(): boolean {
    const now = this.#host.now()
    this.#recent = this.#recent.filter((time) => now - time < 1000)
    this.#recent.push(now)
    if (this.#recent.length <= MOST_A_SECOND) return true
    this.stop(
      `The rule was stopped: it acted on ${MOST_A_SECOND} messages within a second; make its filter narrower.`,
    )
    return false
  }
}
