/** Rules: messages that answer what a filter finds. */
import { Failure } from './failure.ts'
import { parseFilter } from './filter/parse.ts'
import { FilterError } from './filter/syntax.ts'

export interface Rule {
  /** The messages to answer (docs/filter.md). */
  readonly filter: string
  /** The answer. `{{$1}}` and `{{$.path}}` stand for values of the message that is answered. */
  readonly text: string
}

export interface RuleStatus extends Rule {
  /** How many answers it has sent. */
  readonly answers: number
  /** Why it last sent no answer to a message that it found, as one sentence. */
  readonly problem?: string
  /** Why it sends no more answers, as one sentence; absent while it does. */
  readonly ended?: string
}

const ARROW = '=>'

/** Reads `FILTER => TEXT`. Throws a `Failure` `BAD_RULE`. */
export function parseRule(written: string): Rule {
  let mistake: string | undefined
  // The filter may contain an arrow too, such as in a text.
  for (let at = written.indexOf(ARROW); at >= 0; at = written.indexOf(ARROW, at + 1)) {
    const filter = written.slice(0, at).trim()
    try {
      parseFilter(filter)
      return { filter, text: written.slice(at + ARROW.length).trim() }
    } catch (thrown) {
      if (!(thrown instanceof FilterError)) throw thrown
      mistake ??= thrown.message
    }
  }
  throw new Failure(
    'BAD_RULE',
    mistake === undefined
      ? 'A rule is a filter, an arrow and a text, such as: type:message => {"ok":true}'
      : `The filter of the rule is not valid. ${mistake}`,
  )
}
