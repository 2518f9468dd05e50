/** Replaces values in JSON and keeps every other character of its text. */
import { endOfString, tryParseJson } from '../../shared/text/json-text.ts'
import type { Step } from '../dialects/path.ts'
import { itemsOf, membersOf, pastSpace, valueEnd } from './json-places.ts'

/** Replaces a part of a text. */
export interface Edit {
  readonly start: number
  readonly end: number
  readonly text: string
}

/** Returns the new value, or undefined to keep it. */
export type NewValue = (value: string | number) => string | number | undefined

/** The text with these edits, which do not overlap. Of edits at the same place, the first counts. */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  let edited = ''
  let copied = 0
  for (const { start, end, text: replacement } of edits.toSorted((a, b) => a.start - b.start)) {
    if (start < copied) continue
    edited += text.slice(copied, start) + replacement
    copied = end
  }
  return edited + text.slice(copied)
}

/** What is at a place: a value of JSON, or plain text. */
type Form = 'json' | 'plain'

/**
 * The edit that replaces the text or number at a path. Undefined if there is none, or if it stays as it is. The text from
 * `start` has to be valid JSON, unless the form is `plain`.
 */
export function editAt(
  text: string,
  start: number,
  steps: readonly Step[],
  change: NewValue,
  form: Form = 'json',
): Edit | undefined {
  return form === 'plain' ? editPlain(text, steps, change) : editJson(text, start, steps, change)
}

function editJson(text: string, from: number, steps: readonly Step[], change: NewValue): Edit | undefined {
  let start = pastSpace(text, from)
  for (const [n, step] of steps.entries()) {
    const next = 'key' in step || 'index' in step ? childAt(text, start, step) : undefined
    if (next !== undefined) {
      start = next
      continue
    }
    // The text of a number has the place of the number.
    if ('call' in step && step.name === 'text' && n === steps.length - 1) break
    if (!('call' in step) || text[start] !== '"') return undefined
    return editString(text, start, steps.slice(n), change)
  }
  const end = valueEnd(text, start)
  const token = text.slice(start, end)
  return token[0] === '"' ? editText(token, start, end, change) : editNumber(token, start, end, change)
}

function childAt(text: string, start: number, step: Exclude<Step, { call: unknown }>): number | undefined {
  if ('key' in step) {
    let found: number | undefined
    // As for `JSON.parse`, the last member with the name counts.
    for (const { name, value } of membersOf(text, start)) if (name === step.key) found = value
    return found
  }
  if (step.index < 0) return [...itemsOf(text, start)].at(step.index)
  let index = 0
  for (const item of itemsOf(text, start)) if (index++ === step.index) return item
  return undefined
}

function editText(token: string, start: number, end: number, change: NewValue): Edit | undefined {
  const value = tryParseJson(token)
  if (typeof value !== 'string' || value === '') return undefined
  const replacement = change(value)
  if (replacement === undefined || replacement === value) return undefined
  return { start, end, text: JSON.stringify(replacement) }
}

function editNumber(token: string, start: number, end: number, change: NewValue): Edit | undefined {
  const value = tryParseJson(token)
  if (typeof value !== 'number') return undefined
  // A number that JavaScript rounds is its digits.
  const exact = String(value) === token ? value : token
  const replacement = change(exact)
  if (replacement === undefined || replacement === exact) return undefined
  const isDigits = typeof replacement === 'number' || (exact === token && /^-?\d+$/.test(replacement))
  return { start, end, text: isDigits ? String(replacement) : JSON.stringify(replacement) }
}

/** Edits within a string of JSON, such as JSON in it. */
function editString(text: string, start: number, steps: readonly Step[], change: NewValue): Edit | undefined {
  const end = endOfString(text, start)
  const content = tryParseJson(text.slice(start, end))
  if (typeof content !== 'string') return undefined
  const edit = editPlain(content, steps, change)
  if (edit === undefined) return undefined
  const at = offsetsIn(text, start, end, content)
  return { start: at(edit.start), end: at(edit.end), text: JSON.stringify(edit.text).slice(1, -1) }
}

function editPlain(content: string, steps: readonly Step[], change: NewValue): Edit | undefined {
  const [step, index, more] = steps
  if (step === undefined) return editPart(content, 0, content.length, change)
  if (!('call' in step)) return undefined
  if (step.name === 'json')
    return tryParseJson(content) === undefined ? undefined : editJson(content, 0, steps.slice(1), change)
  if (step.name !== 'split' || index === undefined || !('index' in index) || more !== undefined)
    return undefined
  const parts = content.split(step.argument)
  const chosen = index.index < 0 ? parts.length + index.index : index.index
  const part = parts[chosen]
  if (part === undefined) return undefined
  const start = parts.slice(0, chosen).reduce((sum, { length }) => sum + length + step.argument.length, 0)
  return editPart(content, start, start + part.length, change)
}

function editPart(content: string, start: number, end: number, change: NewValue): Edit | undefined {
  const part = content.slice(start, end)
  const replacement = part === '' ? undefined : change(part)
  if (replacement === undefined || replacement === part) return undefined
  return { start, end, text: String(replacement) }
}

/** Where the characters of a string's content are in its text, which may have escapes. */
function offsetsIn(text: string, start: number, end: number, content: string): (index: number) => number {
  if (end - start === content.length + 2) return (index) => start + 1 + index
  const offsets: number[] = []
  for (let at = start + 1; at < end; at += escapeLength(text, at)) offsets.push(at)
  return (index) => offsets[index] ?? end - 1
}

function escapeLength(text: string, at: number): number {
  if (text[at] !== '\\') return 1
  return text[at + 1] === 'u' ? 6 : 2
}
