/** Keeps values of the messages of a connection as variables, as a script says. */

import type { LiveCandidate } from '../../capture/filter/live-candidate.ts'
import { PathTooSlow } from '../../capture/filter/watched-path.ts'
import { Failure, sentenceOf } from '../../shared/failure.ts'
import { MAX_SCRIPT_VALUE, MAX_SCRIPT_VALUES, type ScriptedValue } from '../../shared/request-script.ts'
import { formatCount } from '../../shared/text/quantities.ts'
import { liveFilter } from '../matching/live-filter.ts'
import { type Groups, isGroup, MatchedValue } from '../matching/matched-value.ts'
import { MessageMatcher } from '../matching/message-matcher.ts'

export interface ValueEvents {
  /** A message has set a variable to a new value. */
  kept(name: string, value: string): void
  /** A message has a value that cannot be kept, or messages are no longer searched for it; `why` is a sentence. */
  failed(why: string): void
}

export class ScriptValues {
  readonly #events: ValueEvents
  readonly #watches: readonly { readonly name: string; take(candidate: LiveCandidate): void; stop(): void }[]
  readonly #setByRules: ReadonlySet<string>
  readonly #values = new Map<string, string>()
  /** For a name without a new value: why it has none. */
  readonly #problems = new Map<string, string>()

  /** Throws a `Failure` `BAD_SCRIPT` if a filter or a path is not valid. */
  constructor(values: readonly ScriptedValue[], setByRules: readonly string[], events: ValueEvents) {
    if (values.length > MAX_SCRIPT_VALUES)
      throw new Failure('BAD_SCRIPT', `A request can keep ${MAX_SCRIPT_VALUES} values; remove some.`)
    this.#events = events
    this.#setByRules = new Set(setByRules)
    this.#watches = values.map((value) => this.#watch(value))
  }

  /** By their names. */
  get all(): Readonly<Record<string, string>> {
    return Object.fromEntries(this.#values)
  }

  /** Whether messages or rules may set a variable. */
  maySet(name: string): boolean {
    return this.#setByRules.has(name) || this.#watches.some((watch) => watch.name === name)
  }

  has(name: string): boolean {
    return this.#values.has(name)
  }

  /** Why the latest value of a variable was not kept, as a sentence. */
  problemOf(name: string): string | undefined {
    return this.#problems.get(name)
  }

  /** Looks for values in an inbound message. */
  take(candidate: LiveCandidate): void {
    for (const watch of this.#watches) watch.take(candidate)
  }

  /** Ends the search in messages that are not decided yet. */
  stop(): void {
    for (const watch of this.#watches) watch.stop()
  }

  #watch({ name, path, filter }: ScriptedValue) {
    const value = matchedValue(name, path)
    const read = (candidate: LiveCandidate, groups: Groups) =>
      this.#read(name, path, value, candidate, groups)
    if (filter === undefined) {
      if (isGroup(path))
        throw new Failure(
          'BAD_SCRIPT',
          `${path} is a group of a regular expression, but no filter says where ${name} is; add when /…/, or write a path such as $.${name}.`,
        )
      return { name, take: (candidate: LiveCandidate) => read(candidate, []), stop: () => {} }
    }
    let hasFailed = false
    const matcher = new MessageMatcher({
      filter: liveFilter(filter, { noun: `value ${name}`, code: 'BAD_SCRIPT' }),
      needsGroups: isGroup(path),
      found: read,
      failed: (why) => {
        hasFailed = true
        matcher.stop()
        this.#fail(name, `Messages are no longer searched for the value ${name}. ${why}`)
      },
      tooFast:
        'Messages came faster than the regular expression of its filter could search them; make it simpler.',
    })
    return {
      name,
      take: (candidate: LiveCandidate) => {
        if (!hasFailed) matcher.take(candidate)
      },
      stop: () => matcher.stop(),
    }
  }

  #read(name: string, path: string, matched: MatchedValue, candidate: LiveCandidate, groups: Groups): void {
    const documents = [candidate.json(), ...candidate.values()]
    let value: string | undefined
    try {
      value = matched.read({ groups, text: candidate.text() ?? '', documents }, false)
    } catch (thrown) {
      if (!(thrown instanceof PathTooSlow)) throw thrown
      this.#fail(name, `The value ${name} of a message was not kept: ${path} leads to too many values.`)
      return
    }
    if (value === undefined) return
    try {
      this.set(name, value)
    } catch (thrown) {
      this.#fail(name, sentenceOf(thrown))
    }
  }

  /** Keeps a value. Throws a `Failure` `TOO_LARGE`. */
  set(name: string, value: string): void {
    if (value.length > MAX_SCRIPT_VALUE) {
      const most = formatCount(MAX_SCRIPT_VALUE)
      throw new Failure(
        'TOO_LARGE',
        `The value ${name} of a message was not kept: it has more than ${most} characters.`,
      )
    }
    this.#problems.delete(name)
    if (this.#values.get(name) === value) return
    this.#values.set(name, value)
    this.#events.kept(name, value)
  }

  #fail(name: string, why: string): void {
    if (this.#problems.get(name) === why) return
    this.#problems.set(name, why)
    this.#events.failed(why)
  }
}

function matchedValue(name: string, path: string): MatchedValue {
  try {
    return new MatchedValue(path)
  } catch (thrown) {
    throw new Failure(
      'BAD_SCRIPT',
      `The path ${path} of the value ${name} is neither a JSONPath nor a group such as $1: ${sentenceOf(thrown)}.`,
    )
  }
}
