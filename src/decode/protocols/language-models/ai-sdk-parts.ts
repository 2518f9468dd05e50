/** Chunks of the AI SDK's UI message stream, version 1. */
import { type Fields, fieldsOf } from '../../../shared/fields.ts'
import { errorText, stringOf, sumOf } from '../fields.ts'
import { type AnswerPart, stopPart, textPart, usagePart } from './parts.ts'

/** Types that no other protocol is known to use. */
const OWN_TYPES =
  /^(?:start-step|finish-step|text-(?:start|delta|end)|reasoning-(?:start|delta|end)|tool-(?:input|output)-[a-z-]+)$/

export function isUiMessage({ type, id, toolCallId }: Fields): boolean {
  if (typeof type !== 'string' || !OWN_TYPES.test(type)) return false
  return type.endsWith('-step') || typeof id === 'string' || typeof toolCallId === 'string'
}

/** What a chunk adds to the answer. */
export function uiMessageParts(chunk: Fields): AnswerPart[] {
  const { type, delta, toolCallId, toolName } = chunk
  const key = stringOf(toolCallId) ?? ''
  const call = { part: 'tool_call', key, id: stringOf(toolCallId), name: stringOf(toolName) } as const
  switch (type) {
    case 'text-delta':
      return textPart('content', delta)
    case 'reasoning-delta':
      return textPart('reasoning', delta)
    case 'tool-input-start':
      return [call]
    case 'tool-input-delta':
      return [{ ...call, piece: stringOf(chunk.inputTextDelta) }]
    case 'tool-input-available':
    case 'tool-input-error':
      return [{ ...call, whole: chunk.input }]
    case 'tool-output-available':
      return [{ part: 'tool_result', key, value: chunk.output }]
    case 'tool-output-error':
      return [{ part: 'tool_result', key, value: { error: chunk.errorText } }]
    case 'finish':
      return [...metadataUsage(chunk), ...stopPart(chunk.finishReason ?? 'finish')]
    case 'message-metadata':
      return metadataUsage(chunk)
    case 'abort':
      return [...stopPart('abort'), { part: 'done' }]
    case 'error':
      return [{ part: 'error', message: errorText(chunk.errorText) }]
    default:
      return []
  }
}

/** Many programs put the SDK's usage into the metadata. */
function metadataUsage({ messageMetadata }: Fields): AnswerPart[] {
  const metadata = fieldsOf(messageMetadata)
  const usage = fieldsOf(metadata.usage ?? metadata.totalUsage)
  return usagePart({
    input: usage.inputTokens,
    cached: usage.cachedInputTokens,
    output: sumOf(usage.outputTokens),
    reasoning: usage.reasoningTokens,
  })
}
