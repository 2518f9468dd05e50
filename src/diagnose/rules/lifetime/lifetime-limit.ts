/** Connections that end at the same age, with traffic or without: a limit on how long one may last. */
import { plural, timeSpan } from '../../../shared/text/quantities.ts'
import { type Found, type RuleRun, sessionRule } from '../../rule.ts'
import type { RuleEvent } from '../../rule-event.ts'
import { ENDING_TYPES, Ends, type Place } from './ends.ts'
import { guessOf } from './known-limits.ts'
import { evidenceOf, limitFinding } from './limit-finding.ts'
import { idleLimit, type Limit, limitOf, rangeOf } from './limits.ts'

class LifetimeLimits implements RuleRun {
  readonly #ends: Ends
  readonly #least: number

  constructor(ends: Ends, least: number) {
    this.#ends = ends
    this.#least = least
  }

  add(event: RuleEvent): void {
    this.#ends.add(event)
  }

  findings(): Found[] {
    return [...this.#ends.places].flatMap((place) => {
      const limit = limitOf(place.ends, 'age', this.#least)
      if (limit === undefined) return []
      // If silence explains the ends as well, `idle-timeout` says both.
      const survived = this.#ends.survivedAt(place)
      const idle = idleLimit(place.ends, survived, this.#least)
      return idle === undefined ? [found(limit, place, survived.any)] : []
    })
  }
}

function found(limit: Limit, place: Place, survived: number): Found {
  const { median, ends, all, least, most } = limit
  const age = timeSpan(median)
  const silence = rangeOf(ends, 'any')
  return {
    ...limitFinding(limit),
    title: `${plural(ends.length, 'connection')} ended at the age of ${age}`,
    message: `${ends.length} of ${all.length} connections to ${place.name} ended when they were ${age} old, though nobody here closed them.${guessOf(limit, place)}`,
    advice: `Raise the limit if it is not meant, or let the client open the next connection before the limit and resume there. Pings do not help.`,
    evidence: {
      ...evidenceOf(limit),
      leastSilence: Math.round(silence.least),
      mostSilence: Math.round(silence.most),
      longestSurvived: Math.round(survived),
    },
    confidence: `the ages differ by ${timeSpan(most - least)}; silence does not explain them: it was ${timeSpan(silence.least)} to ${timeSpan(silence.most)} before the ends, and up to ${timeSpan(survived)} was survived`,
  }
}

export const lifetimeLimit = sessionRule({
  name: 'lifetime-limit',
  about: 'Connections that end at the same age',
  takes: ENDING_TYPES,
  transports: ['websocket', 'sse', 'http-stream'],
  threshold: { value: 3, unit: 'count', about: 'Connections that end at the same age, at least' },
  source: {
    title: 'Envoy, FAQ on timeouts',
    url: 'https://www.envoyproxy.io/docs/envoy/latest/faq/configuration/timeouts',
  },
  start: (context) => new LifetimeLimits(new Ends(context), context.threshold),
})
