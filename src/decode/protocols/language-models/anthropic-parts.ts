/** Events of Anthropic's messages. */
import { type Fields, fieldsOf } from '../../../shared/fields.ts'
import { errorText, listOf, stringOf } from '../fields.ts'
import { type AnswerPart, modelPart, stopPart, textPart, uncachedUsagePart } from './parts.ts'

/** Blocks that are the result of a tool that ran at the server, such as `web_search_tool_result`. */
const RESULT = /_tool_result$/

/** What an event, or a whole message, adds to the answer. */
export function anthropicParts(event: Fields): AnswerPart[] {
  switch (event.type) {
    case 'message_start': {
      const message = fieldsOf(event.message)
      return [...modelPart(message.model), ...usageOf(message.usage)]
    }
    case 'content_block_start':
      return blockParts(event.index, fieldsOf(event.content_block), true)
    case 'content_block_delta':
      return deltaParts(event.index, fieldsOf(event.delta))
    case 'message_delta':
      return [...usageOf(event.usage), ...stopPart(fieldsOf(event.delta).stop_reason)]
    case 'message_stop':
      return [...invocation(event), { part: 'done' }]
    case 'ping':
      return [{ part: 'ping' }]
    case 'error':
      return [{ part: 'error', message: errorText(event.error) }]
    case 'message':
      return [
        ...modelPart(event.model),
        ...listOf(event.content).flatMap((block, index) => blockParts(index, fieldsOf(block), false)),
        ...usageOf(event.usage),
        ...stopPart(event.stop_reason),
        { part: 'done' },
      ]
    default:
      return []
  }
}

/** `isBegun`: the arguments of a call follow in pieces; what the block has is a placeholder. */
function blockParts(index: unknown, block: Fields, isBegun: boolean): AnswerPart[] {
  const { type, text, thinking, id, name, input } = block
  if (type === 'text') return textPart('content', text)
  if (type === 'thinking') return textPart('reasoning', thinking)
  if (type === 'tool_use' || type === 'server_tool_use' || type === 'mcp_tool_use') {
    const call = { part: 'tool_call', key: String(index), id: stringOf(id), name: stringOf(name) } as const
    return [isBegun ? call : { ...call, whole: input }]
  }
  if (typeof type === 'string' && RESULT.test(type))
    return [{ part: 'tool_result', key: stringOf(block.tool_use_id) ?? '', value: block.content }]
  return []
}

function deltaParts(index: unknown, delta: Fields): AnswerPart[] {
  switch (delta.type) {
    case 'text_delta':
      return textPart('content', delta.text)
    case 'thinking_delta':
      return textPart('reasoning', delta.thinking)
    case 'input_json_delta':
      return [{ part: 'tool_call', key: String(index), piece: stringOf(delta.partial_json) }]
    default:
      return []
  }
}

function usageOf(usage: unknown): AnswerPart[] {
  const tokens = fieldsOf(usage)
  return uncachedUsagePart({
    input: tokens.input_tokens,
    read: tokens.cache_read_input_tokens,
    written: tokens.cache_creation_input_tokens,
    output: tokens.output_tokens,
  })
}

/** What Bedrock adds to the last event. */
function invocation(event: Fields): AnswerPart[] {
  const metrics = fieldsOf(event['amazon-bedrock-invocationMetrics'])
  return uncachedUsagePart({
    input: metrics.inputTokenCount,
    read: metrics.cacheReadInputTokenCount,
    written: metrics.cacheWriteInputTokenCount,
    output: metrics.outputTokenCount,
  })
}
