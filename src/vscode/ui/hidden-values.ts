/** Secrets that are in use, so that nothing that is shown or logged contains them. Does not import `vscode`. */
import { forgetOldest } from '../../shared/maps.ts'
import { longestFirst, SHORTEST_SECRET, secretForms } from '../../shared/secrets/secret-forms.ts'
import { MASK } from '../../shared/secrets.ts'

/** The oldest values are shown again beyond that. */
const MAX_VALUES = 1000

/** The forms of each value. */
const hidden = new Map<string, readonly string[]>()
/** All forms, the longest first: a part of one is not masked instead of it. Undefined if they are not known yet. */
let forms: readonly string[] | undefined

/** From now on, until the window closes, `withoutHidden` masks these values. */
export function hideValues(values: Iterable<string>): void {
  for (const value of values) {
    if (value.length < SHORTEST_SECRET) continue
    const known = hidden.get(value)
    hidden.delete(value)
    hidden.set(value, known ?? secretForms(value))
    forgetOldest(hidden, MAX_VALUES)
  }
  forms = undefined
}

/** The text with `***` in place of each value in use, in each of its `secretForms`. */
export function withoutHidden(text: string): string {
  forms ??= longestFirst([...hidden.values()].flat())
  return forms.reduce((masked, form) => masked.replaceAll(form, MASK), text)
}
