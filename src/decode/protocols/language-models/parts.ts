/** What a chunk of a language model's answer adds to it, in the same terms for all vendors. */
import type { TokenUsage } from '../../../shared/model-answer.ts'
import { errorText, stringOf, sumOf } from '../fields.ts'

const MAX_KEY = 1000

export interface TextPart {
  readonly part: 'content' | 'reasoning'
  readonly text: string
  /** Which of several alternative answers to one request; default the first, 0. */
  readonly choice?: number
}

export interface ToolCallPart {
  readonly part: 'tool_call'
  /** The same for all parts of a call within an answer. */
  readonly key: string
  readonly id?: string | undefined
  readonly name?: string | undefined
  /** A piece of the arguments as JSON, appended to the pieces before it. */
  readonly piece?: string | undefined
  /** All of the arguments, in place of the pieces. */
  readonly whole?: unknown
}

export interface ToolResultPart {
  readonly part: 'tool_result'
  /** The key or the id of the call. */
  readonly key: string
  readonly value: unknown
}

export type AnswerPart =
  | TextPart
  | ToolCallPart
  | ToolResultPart
  | { readonly part: 'usage'; readonly usage: TokenUsage }
  | { readonly part: 'model'; readonly model: string }
  | { readonly part: 'stop'; readonly reason: string }
  | { readonly part: 'error'; readonly message: string }
  /** A sign of life, which is not part of the answer. */
  | { readonly part: 'ping' }
  /** The answer is complete. */
  | { readonly part: 'done' }

/** The text as a part; no part if it is empty. */
export function textPart(part: TextPart['part'], text: unknown, choice: unknown = 0): TextPart[] {
  if (typeof text !== 'string' || text === '') return []
  return [typeof choice === 'number' && choice > 0 ? { part, text, choice } : { part, text }]
}

/** The name of the model as a part; no part if it is not known. */
export function modelPart(model: unknown): AnswerPart[] {
  return typeof model === 'string' && model !== '' ? [{ part: 'model', model }] : []
}

/** Why the model stopped, as a part; no part while it continues. */
export function stopPart(reason: unknown): AnswerPart[] {
  return typeof reason === 'string' && reason !== '' ? [{ part: 'stop', reason }] : []
}

/** The error as a part; no part if there is none. */
export function errorPart(error: unknown): AnswerPart[] {
  return error === undefined || error === null ? [] : [{ part: 'error', message: errorText(error) }]
}

/** A usage part of the numbers that are known. */
export function usagePart(usage: Readonly<Partial<Record<keyof TokenUsage, unknown>>>): AnswerPart[] {
  const known = Object.entries(usage).filter(([, count]) => typeof count === 'number')
  return known.length === 0 ? [] : [{ part: 'usage', usage: Object.fromEntries(known) }]
}

/** As `usagePart`, if the input does not include the tokens that were read from a cache or written to it. */
export function uncachedUsagePart({
  input,
  read,
  written,
  output,
}: Readonly<Record<'input' | 'read' | 'written' | 'output', unknown>>): AnswerPart[] {
  const all = input === undefined ? undefined : sumOf(input, read, written)
  return usagePart({ input: all, cached: read, output })
}

/** A call that comes whole. If it has no ID, its place in the event and its content tell it from others. */
export function wholeCall(id: unknown, name: unknown, whole: unknown, at: unknown): ToolCallPart {
  const key = stringOf(id) ?? `${at} ${JSON.stringify([name, whole]).slice(0, MAX_KEY)}`
  return { part: 'tool_call', key, id: stringOf(id), name: stringOf(name), whole }
}
