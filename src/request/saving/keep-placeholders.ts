/** A text with placeholders whose filled form was edited: the placeholders outside of what was edited stay. */

import { valuesAmong } from '../values-between.ts'
import { placeholdersIn } from '../variables/placeholders.ts'

export interface EditedText {
  /** As the file has it. */
  readonly written: string
  /** With its placeholders filled. */
  readonly filled: string
  /** What the filled text is to be. */
  readonly edited: string
}

/** A part of the written text, and where it is in the filled one. */
interface Segment {
  readonly written: string
  readonly isPlaceholder: boolean
  readonly start: number
  readonly end: number
}

/** `write` is for the part that was edited. Undefined if the filled text is not one of the written text. */
export function keepPlaceholders(
  { written, filled, edited }: EditedText,
  write: (text: string) => string,
): string | undefined {
  const segments = segmentsOf(written, filled)
  if (segments === undefined) return undefined
  const most = Math.min(filled.length, edited.length)
  let prefix = 0
  while (prefix < most && filled[prefix] === edited[prefix]) prefix++
  let suffix = 0
  while (suffix < most - prefix && filled.at(-1 - suffix) === edited.at(-1 - suffix)) suffix++
  const [from, to] = [prefix, filled.length - suffix]
  let [head, tail] = ['', '']
  let [headEnd, tailStart] = [0, filled.length]
  for (const { written: text, isPlaceholder, start, end } of segments) {
    if (start > from || (isPlaceholder && end > from)) break
    headEnd = Math.min(end, from)
    head += isPlaceholder ? text : text.slice(0, headEnd - start)
  }
  for (const { written: text, isPlaceholder, start, end } of segments.toReversed()) {
    if (end < to || (isPlaceholder && start < to) || tailStart <= headEnd) break
    tailStart = Math.max(start, to, headEnd)
    tail = (isPlaceholder ? text : text.slice(tailStart - start)) + tail
  }
  return head + write(edited.slice(headEnd, edited.length - (filled.length - tailStart))) + tail
}

function segmentsOf(written: string, filled: string): readonly Segment[] | undefined {
  const placeholders = placeholdersIn(written)
  const literals: string[] = []
  let last = 0
  for (const { start, end } of placeholders) {
    literals.push(written.slice(last, start))
    last = end
  }
  literals.push(written.slice(last))
  const values = valuesAmong(literals, filled)
  if (values === undefined) return undefined
  const segments: Segment[] = []
  let at = 0
  const add = (text: string, length: number, isPlaceholder: boolean) => {
    segments.push({ written: text, isPlaceholder, start: at, end: at + length })
    at += length
  }
  for (const [i, literal] of literals.entries()) {
    add(literal, literal.length, false)
    const placeholder = placeholders[i]
    if (placeholder !== undefined) add(placeholder.written, values[i]?.length ?? 0, true)
  }
  return segments
}
