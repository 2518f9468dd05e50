/** Tests the messages of a connection against a filter as they come, one after another. */
import type { Test } from '../../capture/filter/candidate.ts'
import { compileFilter, regexesIn } from '../../capture/filter/compile.ts'
import type { LiveCandidate } from '../../capture/filter/live-candidate.ts'
import { WatchedRegexes } from '../../capture/filter/watched-regexes.ts'
import { sentenceOf } from '../../shared/failure.ts'
import type { Filter } from '../../shared/filter/syntax.ts'
import type { Groups } from './matched-value.ts'

/** Messages that may wait for a regular expression. */
const MOST_WAITING = 1000
/** Bytes of these messages. */
const MOST_WAITING_SIZE = 64 * 1024 * 1024

export interface MatcherOptions {
  readonly filter: Filter
  /** Whether the groups of its regular expressions are needed. */
  readonly needsGroups: boolean
  /** Called for each message that the filter finds. */
  readonly found: (candidate: LiveCandidate, groups: Groups) => void
  /** Called if the filter cannot be tested; `why` is a sentence. Then call `stop`. */
  readonly failed: (why: string) => void
  /** The sentence if messages come faster than they can be searched. */
  readonly tooFast: string
}

export class MessageMatcher {
  readonly #options: MatcherOptions
  readonly #test: Test
  readonly #regexes: readonly (Filter & { kind: 'regex' })[]
  readonly #needsGroups: boolean
  readonly #watched = new WatchedRegexes()
  /** Messages that wait for a regular expression. Replaced by `stop`: those that wait are never decided. */
  #waiting = nothingWaiting()

  /** Throws a `FilterError` if the filter cannot be compiled. */
  constructor(options: MatcherOptions) {
    this.#options = options
    this.#test = compileFilter(options.filter)
    this.#regexes = regexesIn(options.filter)
    this.#needsGroups = options.needsGroups && this.#regexes.length > 0
  }

  /** Tests a message. The candidate may be read only during the call, unless it is detached. */
  take(candidate: LiveCandidate): void {
    try {
      const verdict = this.#test(candidate)
      if (verdict === false) return
      if (verdict === true && !this.#needsGroups) {
        this.#options.found(candidate, [])
        return
      }
    } catch (thrown) {
      this.#options.failed(sentenceOf(thrown))
      return
    }
    this.#enqueue(candidate)
  }

  /** Resolves once the messages so far are decided. */
  settled(): Promise<void> {
    return this.#waiting.last
  }

  /** Forgets the messages that are not decided yet, and ends the thread that searches them. */
  stop(): void {
    this.#watched.close()
    this.#waiting = nothingWaiting()
  }

  #enqueue(candidate: LiveCandidate): void {
    const waiting = this.#waiting
    if (waiting.count >= MOST_WAITING || waiting.size >= MOST_WAITING_SIZE) {
      this.#options.failed(this.#options.tooFast)
      return
    }
    candidate.detach()
    waiting.count++
    waiting.size += candidate.size
    waiting.last = waiting.last.then(async () => {
      try {
        if (waiting === this.#waiting) await this.#decide(candidate, waiting)
      } catch (thrown) {
        if (waiting === this.#waiting) this.#options.failed(sentenceOf(thrown))
      }
      waiting.count--
      waiting.size -= candidate.size
    })
  }

  async #decide(candidate: LiveCandidate, waiting: Waiting): Promise<void> {
    const text = candidate.text() ?? ''
    let groups: Groups = []
    for (const regex of this.#regexes) {
      const found = await this.#watched.groups(regex, text)
      candidate.setVerdict(regex, found.length > 0)
      if (groups.length === 0) groups = found
    }
    if (waiting === this.#waiting && this.#test(candidate) === true) this.#options.found(candidate, groups)
  }
}

interface Waiting {
  count: number
  /** Bytes. */
  size: number
  /** Settles once all are decided. */
  last: Promise<void>
}

function nothingWaiting(): Waiting {
  return { count: 0, size: 0, last: Promise.resolve() }
}
