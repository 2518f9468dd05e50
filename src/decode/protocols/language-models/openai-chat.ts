/** Chunks of OpenAI's chat completions and legacy completions, as many other servers send them, too. */
import { type Fields, fieldsOf } from '../../../shared/fields.ts'
import { listOf, stringOf } from '../fields.ts'
import {
  type AnswerPart,
  errorPart,
  modelPart,
  stopPart,
  type ToolCallPart,
  textPart,
  usagePart,
} from './parts.ts'

const OBJECTS: ReadonlySet<unknown> = new Set(['chat.completion.chunk', 'chat.completion', 'text_completion'])

export function isChat({ object, choices }: Fields): boolean {
  return OBJECTS.has(object) && Array.isArray(choices)
}

/** What a chunk, or a whole completion, adds to the answer. */
export function chatParts(chunk: Fields): AnswerPart[] {
  return [
    ...modelPart(chunk.model),
    ...listOf(chunk.choices).flatMap((choice) => choiceParts(fieldsOf(choice))),
    // Groq has its own place for it.
    ...usageOf(fieldsOf(chunk.usage ?? fieldsOf(chunk.x_groq).usage)),
    ...errorPart(chunk.error),
    ...(chunk.object === 'chat.completion' ? [{ part: 'done' } as const] : []),
  ]
}

function choiceParts(choice: Fields): AnswerPart[] {
  const message = fieldsOf(choice.delta ?? choice.message)
  const { index } = choice
  return [
    // DeepSeek and vLLM call it `reasoning_content`, OpenRouter and newer vLLM `reasoning`.
    ...textPart('reasoning', message.reasoning_content ?? message.reasoning, index),
    ...textPart('content', message.content ?? choice.text, index),
    ...textPart('content', message.refusal, index),
    ...textPart('content', fieldsOf(message.audio).transcript, index),
    ...listOf(message.tool_calls).map((call, at) => toolCall(fieldsOf(call), at, index)),
    ...legacyCall(message.function_call),
    ...stopPart(choice.finish_reason),
  ]
}

function usageOf(usage: Fields): AnswerPart[] {
  return usagePart({
    input: usage.prompt_tokens,
    cached: fieldsOf(usage.prompt_tokens_details).cached_tokens ?? usage.prompt_cache_hit_tokens,
    output: usage.completion_tokens,
    reasoning: fieldsOf(usage.completion_tokens_details).reasoning_tokens,
  })
}

function toolCall(call: Fields, at: number, choice: unknown): ToolCallPart {
  const { name, arguments: piece } = fieldsOf(call.function ?? call.custom)
  const index = typeof call.index === 'number' ? call.index : at
  const key = typeof choice === 'number' && choice > 0 ? `${choice}.${index}` : String(index)
  return {
    part: 'tool_call',
    key,
    id: stringOf(call.id),
    name: stringOf(name),
    // Some servers send the arguments as an object.
    ...(typeof piece === 'object' && piece !== null ? { whole: piece } : { piece: stringOf(piece) }),
  }
}

function legacyCall(call: unknown): ToolCallPart[] {
  if (typeof call !== 'object' || call === null) return []
  const { name, arguments: piece } = fieldsOf(call)
  return [{ part: 'tool_call', key: 'function', name: stringOf(name), piece: stringOf(piece) }]
}
