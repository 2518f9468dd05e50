/** The tool calls of one answer, whose arguments arrive in pieces or as a whole. */
import type { AnswerToolCall } from '../../shared/model-answer.ts'
import { tryParseJson } from '../../shared/text/json-text.ts'
import type { ToolCallPart, ToolResultPart } from '../protocols/language-models/parts.ts'

/** Calls of an answer. More are not kept. */
const MAX_CALLS = 1000

interface Call {
  readonly index: number
  id: string | undefined
  name: string | undefined
  text: string
  whole: { readonly value: unknown } | undefined
  result: { readonly value: unknown } | undefined
  readonly from: number
  to: number
}

export class ToolCalls {
  readonly #calls = new Map<string, Call>()

  /** Adds a part of a call. Returns the index of the call, and the text that is new; undefined if there is no room. */
  add(part: ToolCallPart, event: number): { readonly call: number; readonly text: string } | undefined {
    const call = this.#calls.get(part.key) ?? this.#begin(part.key, event)
    if (call === undefined) return undefined
    call.id ??= part.id
    call.name ??= part.name
    call.to = event
    let text = part.piece ?? ''
    if (part.whole !== undefined) {
      // The whole repeats what came in pieces.
      if (call.text === '') text = JSON.stringify(part.whole)
      call.whole = { value: part.whole }
    }
    call.text += text
    return { call: call.index, text }
  }

  /** Adds what a tool said. */
  addResult({ key, value }: ToolResultPart, event: number): void {
    const call = this.#calls.get(key) ?? [...this.#calls.values()].find(({ id }) => id === key)
    if (call === undefined) return
    call.result = { value }
    call.to = event
  }

  list(): AnswerToolCall[] {
    return Array.from(this.#calls.values(), ({ id, name, text, whole, result, from, to }) => ({
      ...(id !== undefined && { id }),
      ...(name !== undefined && { name }),
      text,
      ...(whole ?? parsed(text)),
      ...(result !== undefined && { result: result.value }),
      from,
      to,
    }))
  }

  #begin(key: string, from: number): Call | undefined {
    if (this.#calls.size >= MAX_CALLS) return undefined
    const call = {
      index: this.#calls.size,
      id: undefined,
      name: undefined,
      text: '',
      whole: undefined,
      result: undefined,
      from,
      to: from,
    }
    this.#calls.set(key, call)
    return call
  }
}

function parsed(text: string): { readonly value?: unknown } {
  const value = tryParseJson(text)
  return value === undefined ? {} : { value }
}
