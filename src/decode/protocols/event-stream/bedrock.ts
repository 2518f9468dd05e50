/** Language models on Amazon Bedrock: InvokeModelWithResponseStream and ConverseStream. */

import { type Fields, fieldsOf } from '../../../shared/fields.ts'
import { errorText, listOf, stringOf } from '../fields.ts'
import { anthropicParts } from '../language-models/anthropic-parts.ts'
import { byPath, type ModelDialect } from '../language-models/dialect.ts'
import { chatParts, isChat } from '../language-models/openai-chat.ts'
import {
  type AnswerPart,
  stopPart,
  textPart,
  uncachedUsagePart,
  usagePart,
} from '../language-models/parts.ts'

export const bedrock: ModelDialect = {
  name: 'event-stream',
  recognize: (facts) => byPath(facts, /\/model\/.+\/(?:invoke-with-response-stream|converse-stream)$/),
  recognizeMessage: () => undefined,
  parts: frameParts,
  nameOf: ({ headers }) => {
    const fields = fieldsOf(headers)
    return stringOf(fields[':event-type']) ?? stringOf(fields[':exception-type'] ?? fields[':error-code'])
  },
  modelIn: (path) => /\/model\/(.+)\/[\w-]+$/.exec(path)?.[1],
}

function frameParts({ headers, payload }: Fields): readonly AnswerPart[] {
  const fields = fieldsOf(headers)
  const messageType = fields[':message-type']
  if (messageType === 'exception')
    return [
      { part: 'error', message: stringOf(fieldsOf(payload).message) ?? errorText(fields[':exception-type']) },
    ]
  if (messageType === 'error')
    return [{ part: 'error', message: errorText(fields[':error-message'] ?? fields[':error-code']) }]
  const type = fields[':event-type']
  if (type === 'chunk') return modelParts(fieldsOf(fieldsOf(payload).bytes))
  // S3 Select.
  if (type === 'Cont') return [{ part: 'ping' }]
  if (type === 'End') return [{ part: 'done' }]
  return typeof type === 'string' ? converseParts(type, fieldsOf(payload)) : []
}

/** What a model's own chunk says. */
function modelParts(chunk: Fields): readonly AnswerPart[] {
  if (typeof chunk.type === 'string') return anthropicParts(chunk)
  if (isChat(chunk)) return chatParts(chunk)
  const [event] = Object.keys(chunk)
  if (event !== undefined && CONVERSE.has(event)) return converseParts(event, fieldsOf(chunk[event]))
  const output = fieldsOf(listOf(chunk.outputs)[0])
  // Llama, Titan, Cohere and Mistral.
  return [
    ...textPart('content', chunk.generation ?? chunk.outputText ?? chunk.text ?? output.text),
    ...usagePart({
      input: chunk.prompt_token_count ?? chunk.inputTextTokenCount,
      output: chunk.generation_token_count ?? chunk.totalOutputTextTokenCount,
    }),
    ...stopPart(chunk.stop_reason ?? chunk.completionReason ?? chunk.finish_reason ?? output.stop_reason),
  ]
}

/** Also the fields of Nova's chunks. */
const CONVERSE: ReadonlySet<string> = new Set([
  'messageStart',
  'contentBlockStart',
  'contentBlockDelta',
  'contentBlockStop',
  'messageStop',
  'metadata',
])

function converseParts(type: string, payload: Fields): readonly AnswerPart[] {
  const key = String(payload.contentBlockIndex)
  switch (type) {
    case 'contentBlockStart': {
      const { toolUse } = fieldsOf(payload.start)
      if (toolUse === undefined) return []
      const { toolUseId, name } = fieldsOf(toolUse)
      return [{ part: 'tool_call', key, id: stringOf(toolUseId), name: stringOf(name) }]
    }
    case 'contentBlockDelta': {
      const { text, toolUse, reasoningContent } = fieldsOf(payload.delta)
      if (toolUse !== undefined) return [{ part: 'tool_call', key, piece: stringOf(fieldsOf(toolUse).input) }]
      return [...textPart('reasoning', fieldsOf(reasoningContent).text), ...textPart('content', text)]
    }
    case 'messageStop':
      return stopPart(payload.stopReason)
    case 'metadata': {
      const tokens = fieldsOf(payload.usage)
      const usage = uncachedUsagePart({
        input: tokens.inputTokens,
        read: tokens.cacheReadInputTokens,
        written: tokens.cacheWriteInputTokens,
        output: tokens.outputTokens,
      })
      return [...usage, { part: 'done' }]
    }
    default:
      return []
  }
}
