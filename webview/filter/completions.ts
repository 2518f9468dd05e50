/** The completions below the filter: which there are, and the text after accepting one. */
import { type Completion, type CompletionContext, complete } from '../../src/shared/filter/complete.ts'
import type { Completions } from '../ui/completion-list.ts'

/** The completions at the caret. The first is active if a word has been started: then Enter and Tab accept it. */
export function completionsAt(
  text: string,
  caret: number,
  context: CompletionContext,
): Completions<Completion> {
  const list = complete(text, caret, context)
  const isBegun = caret > 0 && !/[\s()]/.test(text.charAt(caret - 1))
  return { list, active: isBegun && list.length > 0 ? 0 : -1 }
}

/** The text after accepting a completion, and the position of the caret. */
export function accepted(text: string, { start, end, insert }: Completion): { text: string; caret: number } {
  const rest = text.slice(end)
  // A whole word is followed by the next one, a field by its value, and a path or phrase by its text.
  const space = /[:./]$|^"$/.test(insert) || rest.startsWith(' ') ? '' : ' '
  const before = text.slice(0, start) + insert + space
  return { text: before + rest, caret: before.length }
}
