/** Reads what a connection does by itself: `# @on FILTER => ACTION` and `# @keep-alive TIME => TEXT`. */
import { Failure, sentenceOf } from '../../shared/failure.ts'
import { parseKeepAlive } from '../../shared/keep-alive.ts'
import { parseAction, splitRule } from '../../shared/rule.ts'
import { trimmed } from './lines.ts'
import type { Notes } from './notes.ts'
import type { FileRequest, FileRule, Written } from './request-file.ts'

/** A rule. Undefined, with a note, if it is not one. Placeholders are checked when they are filled. */
export function readRule(written: Written, notes: Notes): FileRule | undefined {
  try {
    const { filterEnd, actionStart } = splitAt(written.text)
    const action = trimmed(written, actionStart)
    const parsed = parseAction(action.text)
    const rule = {
      start: written.start,
      end: written.end,
      filter: trimmed(written, 0, filterEnd),
      action,
    }
    if (parsed.kind !== 'set') return rule
    const at = action.text.indexOf(parsed.name, '@set'.length)
    return { ...rule, sets: trimmed(action, at, at + parsed.name.length) }
  } catch (thrown) {
    if (!(thrown instanceof Failure)) throw thrown
    notes.add('error', written, thrown.code, thrown.message)
    return undefined
  }
}

/** A filter with placeholders may not be valid until they are filled. It then ends at the first arrow. */
function splitAt(text: string): ReturnType<typeof splitRule> {
  try {
    return splitRule(text)
  } catch (thrown) {
    const arrow = text.indexOf('=>')
    if (!text.slice(0, Math.max(arrow, 0)).includes('{{')) throw thrown
    return { filterEnd: arrow, actionStart: arrow + '=>'.length }
  }
}

/** Notes what is wrong with a keep-alive message. */
export function noteKeepAlive(written: Written, notes: Notes): void {
  const [time = ''] = written.text.split('=>', 1)
  if (time.includes('{{')) return
  try {
    parseKeepAlive(written.text)
  } catch (thrown) {
    notes.add('error', written, 'BAD_KEEP_ALIVE', sentenceOf(thrown))
  }
}

/** The names of the variables that messages of a request set: those of `# @set`, and of rules that set one. */
export function variablesSetBy({ values, rules }: Pick<FileRequest, 'values' | 'rules'>): Written[] {
  return [...values.map(({ name }) => name), ...rules.flatMap(({ sets }) => sets ?? [])]
}
