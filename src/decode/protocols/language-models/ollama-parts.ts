/** Lines of Ollama's `/api/chat` and `/api/generate`. */
import { type Fields, fieldsOf, isFields } from '../../../shared/fields.ts'
import { listOf } from '../fields.ts'
import { type AnswerPart, errorPart, modelPart, stopPart, textPart, usagePart, wholeCall } from './parts.ts'

export function isOllama({ model, created_at, message, response, done }: Fields): boolean {
  const isText = isFields(message) || typeof response === 'string'
  return typeof model === 'string' && typeof created_at === 'string' && isText && typeof done === 'boolean'
}

/** What a line adds to the answer. */
export function ollamaParts(line: Fields): AnswerPart[] {
  const message = fieldsOf(line.message)
  const parts: AnswerPart[] = [
    ...modelPart(line.model),
    ...textPart('reasoning', message.thinking ?? line.thinking),
    ...textPart('content', message.content ?? line.response),
    ...listOf(message.tool_calls).map((each, at) => {
      const call = fieldsOf(each)
      const { name, arguments: whole, index } = fieldsOf(call.function)
      return wholeCall(call.id, name, whole, index ?? at)
    }),
    ...errorPart(line.error),
  ]
  if (line.done !== true) return parts
  return [
    ...parts,
    ...usagePart({ input: line.prompt_eval_count, output: line.eval_count }),
    ...stopPart(line.done_reason ?? 'stop'),
    { part: 'done' },
  ]
}
