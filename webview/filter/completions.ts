/** The completions under the filter: which there are, which one is marked, and what accepting one makes of the text. */
import { type Completion, type CompletionContext, complete } from '../../src/shared/filter/complete.ts'

export interface Completions {
  readonly list: readonly Completion[]
  /** Position of the marked one, -1 for none. */
  readonly active: number
}

export const NO_COMPLETIONS: Completions = { list: [], active: -1 }

/** What may stand at the caret. The first is marked where a word has been begun: then Enter and Tab take it. */
export function completionsAt(text: string, caret: number, context: CompletionContext): Completions {
  const list = complete(text, caret, context)
  const isBegun = caret > 0 && !/[\s()]/.test(text.charAt(caret - 1))
  return { list, active: isBegun && list.length > 0 ? 0 : -1 }
}

/** The mark moved by one, around the ends. */
export function moved({ list, active }: Completions, step: 1 | -1): Completions {
  if (list.length === 0) return NO_COMPLETIONS
  const from = active < 0 && step < 0 ? list.length : active
  return { list, active: (from + step + list.length) % list.length }
}

/** The text with a completion in it, and where the caret then stands. */
export function accepted(text: string, { start, end, insert }: Completion): { text: string; caret: number } {
  const rest = text.slice(end)
  // A whole word is followed by the next one; a field by its value, a path or phrase by its text.
  const space = /[:./]$|^"$/.test(insert) || rest.startsWith(' ') ? '' : ' '
  const before = text.slice(0, start) + insert + space
  return { text: before + rest, caret: before.length }
}
