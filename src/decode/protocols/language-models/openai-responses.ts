/** Events of OpenAI's Responses API and of its Realtime API. */
import { type Fields, fieldsOf } from '../../../shared/fields.ts'
import { errorText, listOf, stringOf } from '../fields.ts'
import { type AnswerPart, modelPart, stopPart, type ToolCallPart, textPart, usagePart } from './parts.ts'

/** Items of an answer that call a tool, and the field with what the tool is to do. */
const CALLS: Readonly<Record<string, string>> = {
  function_call: 'arguments',
  mcp_call: 'arguments',
  custom_tool_call: 'input',
  code_interpreter_call: 'code',
}

export function isResponses({ type, response, object, output }: Fields): boolean {
  if (object === 'response') return Array.isArray(output)
  return typeof type === 'string' && type.startsWith('response.') && typeof response === 'object'
}

/** What an event, or a whole response, adds to the answer. */
export function responsesParts(event: Fields): AnswerPart[] {
  if (event.object === 'response') return [...wholeParts(event), ...responseParts(event), { part: 'done' }]
  const { type, delta } = event
  switch (type) {
    case 'response.created':
    case 'response.in_progress':
    case 'response.queued':
      return modelPart(fieldsOf(event.response).model)
    case 'response.output_text.delta':
    case 'response.refusal.delta':
    case 'response.text.delta':
    case 'response.audio_transcript.delta':
    case 'response.output_audio_transcript.delta':
      return textPart('content', delta)
    case 'response.reasoning_text.delta':
    case 'response.reasoning_summary_text.delta':
      return textPart('reasoning', delta)
    case 'response.function_call_arguments.delta':
    case 'response.mcp_call_arguments.delta':
    case 'response.custom_tool_call_input.delta':
    case 'response.code_interpreter_call_code.delta':
      return [{ part: 'tool_call', key: keyOf(event), piece: stringOf(delta) }]
    case 'response.output_item.added':
      return callOf(event, fieldsOf(event.item))
    case 'response.completed':
    case 'response.incomplete':
    case 'response.cancelled':
    case 'response.done':
      return [...responseParts(fieldsOf(event.response)), { part: 'done' }]
    case 'response.failed':
      return [
        ...responseParts(fieldsOf(event.response)),
        { part: 'error', message: errorText(fieldsOf(event.response).error) },
      ]
    case 'error':
      return [{ part: 'error', message: errorText(event.error ?? event) }]
    default:
      return []
  }
}

/** Its place in the output, because the item's id may differ from event to event. */
function keyOf({ output_index, item_id }: Fields): string {
  return typeof output_index === 'number' ? String(output_index) : (stringOf(item_id) ?? '')
}

function callOf(event: Fields, item: Fields): ToolCallPart[] {
  const { type } = item
  if (typeof type !== 'string' || !Object.hasOwn(CALLS, type)) return []
  const piece = stringOf(item[CALLS[type] ?? ''])
  const name = stringOf(item.name) ?? type.replace(/_call$/, '')
  return [
    { part: 'tool_call', key: keyOf(event), id: stringOf(item.call_id) ?? stringOf(item.id), name, piece },
  ]
}

function responseParts(response: Fields): AnswerPart[] {
  const usage = fieldsOf(response.usage)
  const details = fieldsOf(usage.input_tokens_details ?? usage.input_token_details)
  return [
    ...modelPart(response.model),
    ...usagePart({
      input: usage.input_tokens,
      cached: details.cached_tokens,
      output: usage.output_tokens,
      reasoning: fieldsOf(usage.output_tokens_details).reasoning_tokens,
    }),
    ...stopPart(fieldsOf(response.incomplete_details).reason ?? response.status),
  ]
}

/** The output of a response that was not streamed. */
function wholeParts({ output }: Fields): AnswerPart[] {
  return listOf(output).flatMap((each, index): AnswerPart[] => {
    const item = fieldsOf(each)
    if (item.type === 'message')
      return listOf(item.content).flatMap((part) =>
        textPart('content', fieldsOf(part).text ?? fieldsOf(part).refusal),
      )
    if (item.type === 'reasoning')
      return listOf(item.summary).flatMap((part) => textPart('reasoning', fieldsOf(part).text))
    return callOf({ output_index: index }, item)
  })
}
