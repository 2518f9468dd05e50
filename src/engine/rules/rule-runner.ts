/** Runs one rule over the messages of a connection, one after another. */
import { looksAtPackets } from '../../capture/filter/compile.ts'
import type { LiveCandidate } from '../../capture/filter/live-candidate.ts'
import { Failure } from '../../shared/failure.ts'
import { someFilter } from '../../shared/filter/syntax.ts'
import type { Rule, RuleStatus } from '../../shared/rule.ts'
import type { OutboundMessage } from '../../shared/spec.ts'
import { liveFilter } from '../matching/live-filter.ts'
import type { Groups } from '../matching/matched-value.ts'
import { MessageMatcher } from '../matching/message-matcher.ts'
import { RuleText } from './rule-text.ts'

/** Answers within a second after which the rule ends: it probably answers its own answers. */
const MOST_A_SECOND = 100

export interface RuleHost {
  /** Sends over the connection. Throws a `Failure` if that fails. */
  send(message: OutboundMessage): void
  /** Called on every change of status. */
  changed(): void
  /** Milliseconds, for the limit of answers. */
  now(): number
}

export class RuleRunner {
  readonly #rule: Rule
  readonly #host: RuleHost
  readonly #matcher: MessageMatcher
  readonly #text: RuleText
  /** Whether it answers also that the connection opened. */
  readonly answersOpen: boolean
  /** Whether it needs to know the packets of messages. */
  readonly looksAtPackets: boolean
  #answers = 0
  /** When it sent its latest answers. */
  #recent: number[] = []
  #problem: string | undefined
  #ended: string | undefined

  /** Throws a `Failure` if the filter or the text is not valid. */
  constructor(rule: Rule, host: RuleHost) {
    this.#rule = rule
    this.#host = host
    const filter = liveFilter(rule.filter, { noun: 'rule', code: 'BAD_RULE' })
    this.#text = new RuleText(rule.text)
    this.#matcher = new MessageMatcher({
      filter,
      needsGroups: this.#text.usesGroups,
      found: (candidate, groups) => this.#answer(candidate, groups),
      failed: (why) => this.stop(why),
      tooFast:
        'The rule was stopped: messages came faster than its regular expression could search them; make it simpler.',
    })
    this.answersOpen = someFilter(filter, (part) => part.kind === 'type' && part.type === 'open')
    // A path in the text may lead into a packet.
    this.looksAtPackets = looksAtPackets(filter) || rule.text.includes('{{')
  }

  get status(): RuleStatus {
    const problem = this.#problem
    const ended = this.#ended
    return {
      ...this.#rule,
      answers: this.#answers,
      ...(problem !== undefined && { problem }),
      ...(ended !== undefined && { ended }),
    }
  }

  /** Answers the event if the filter finds it. The candidate may be read only during the call, unless it is detached. */
  take(candidate: LiveCandidate): void {
    if (this.#ended === undefined) this.#matcher.take(candidate)
  }

  /** Answers again after it was stopped. */
  start(): void {
    this.#ended = undefined
    this.#recent = []
    this.#host.changed()
  }

  /** Sends no more answers; `why` is a sentence. */
  stop(why = 'The rule is switched off.'): void {
    if (this.#ended !== undefined) return
    this.#ended = why
    this.#matcher.stop()
    this.#host.changed()
  }

  #answer(candidate: LiveCandidate, groups: Groups): void {
    if (!this.#mayAnswer()) return
    this.#noting(() => {
      const documents = [candidate.json(), ...candidate.values()]
      const message = this.#text.fill({ groups, text: candidate.text() ?? '', documents })
      // The answer comes after all events that were received with the message.
      queueMicrotask(() => this.#noting(() => this.#send(message)))
    })
  }

  #send(message: OutboundMessage): void {
    if (this.#ended !== undefined) return
    this.#host.send({ ...message, automatic: 'rule' })
    this.#answers++
    this.#problem = undefined
    this.#host.changed()
  }

  /** Takes note if an answer cannot be made or sent. */
  #noting(act: () => void): void {
    try {
      act()
    } catch (thrown) {
      if (!(thrown instanceof Failure)) throw thrown
      this.#problem = thrown.message
      this.#host.changed()
    }
  }

  #mayAnswer(): boolean {
    const now = this.#host.now()
    this.#recent = this.#recent.filter((time) => now - time < 1000)
    this.#recent.push(now)
    if (this.#recent.length <= MOST_A_SECOND) return true
    this.stop(
      `The rule was stopped: it answered ${MOST_A_SECOND} messages within a second; make its filter narrower.`,
    )
    return false
  }
}
