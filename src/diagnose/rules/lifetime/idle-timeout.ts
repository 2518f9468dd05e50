/** Connections that end after the same silence: a proxy or a server ends those on which nothing is sent. */
import { plural, timeSpan } from '../../../shared/text/quantities.ts'
import type { Silences } from '../../observed-connection.ts'
import { type Found, type RuleRun, sessionRule } from '../../rule.ts'
import type { RuleEvent } from '../../rule-event.ts'
import { ENDING_TYPES, Ends, type Place } from './ends.ts'
import { guessOf } from './known-limits.ts'
import { evidenceOf, limitFinding } from './limit-finding.ts'
import { idleLimit, type Limit, rangeOf, spanOf, toleranceOf } from './limits.ts'

const WHAT = {
  any: 'silence',
  in: 'silence of the server',
  out: 'silence of the client',
  age: 'life',
}

class IdleTimeouts implements RuleRun {
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
      const survived = this.#ends.survivedAt(place)
      const limit = idleLimit(place.ends, survived, this.#least)
      return limit === undefined ? [] : [found(limit, place, survived)]
    })
  }
}

function found(limit: Limit, place: Place, survived: Silences): Found {
  const { kind, median, ends, all } = limit
  const what = `${timeSpan(median)} of ${WHAT[kind]}`
  const half = timeSpan(median / 2)
  const sender = { in: 'Let the server send', out: 'Let the client send', any: 'Send', age: 'Send' }[kind]
  return {
    ...limitFinding(limit),
    title: `${plural(ends.length, 'connection')} ended after ${what}`,
    message: `${ends.length} of ${all.length} connections to ${place.name} ended after ${what}, though nobody here closed them.${guessOf(limit, place)}`,
    advice: `${sender} a ping, or a comment on an event stream, at least every ${half}, or raise the idle timeout of what is in between.`,
    evidence: { ...evidenceOf(limit), longestSurvived: Math.round(survived[kind === 'age' ? 'any' : kind]) },
    confidence: confidenceOf(limit),
  }
}

function confidenceOf({ kind, ends, least, most }: Limit): string {
  const same = `the silences differ by ${timeSpan(most - least)}, and none that is longer was survived`
  const age = rangeOf(ends, 'age')
  if (age.most - age.least <= toleranceOf(age.least)) {
    const isSilent = ends.every((end) => spanOf(end, kind) === spanOf(end, 'age'))
    const why = isSilent ? 'nothing was sent at all' : `all were ${timeSpan(age.least)} old`
    return `${same}; but ${why}, so a limit on the age explains it as well`
  }
  return `${same}; the ages range from ${timeSpan(age.least)} to ${timeSpan(age.most)}, so no limit on the age explains it`
}

export const idleTimeout = sessionRule({
  name: 'idle-timeout',
  about: 'Connections that end after the same silence',
  takes: ENDING_TYPES,
  transports: ['websocket', 'sse', 'http-stream'],
  threshold: { value: 3, unit: 'count', about: 'Connections that end after the same silence, at least' },
  source: {
    title: 'nginx, WebSocket proxying (proxy_read_timeout)',
    url: 'https://nginx.org/en/docs/http/websocket.html',
  },
  start: (context) => new IdleTimeouts(new Ends(context), context.threshold),
})
