/** Responses of Gemini's `generateContent` and `streamGenerateContent`. */
import { type Fields, fieldsOf, isFields } from '../../../shared/fields.ts'
import { listOf, sumOf } from '../fields.ts'
import { type AnswerPart, errorPart, modelPart, stopPart, textPart, usagePart, wholeCall } from './parts.ts'

export function isGemini({ candidates, usageMetadata, promptFeedback }: Fields): boolean {
  if (!Array.isArray(candidates)) return isFields(promptFeedback) && isFields(usageMetadata)
  return candidates.some((each) => listOf(fieldsOf(fieldsOf(each).content).parts).length > 0)
}

/** What a response adds to the answer. The last one says why the model stopped. */
export function geminiParts(response: Fields): AnswerPart[] {
  const { modelVersion, candidates, usageMetadata, promptFeedback, error } = response
  const parts = [
    ...modelPart(modelVersion),
    ...listOf(candidates).flatMap((candidate) => candidateParts(fieldsOf(candidate))),
    ...usageOf(fieldsOf(usageMetadata)),
    ...stopPart(fieldsOf(promptFeedback).blockReason),
    ...errorPart(error),
  ]
  return parts.some(({ part }) => part === 'stop') ? [...parts, { part: 'done' }] : parts
}

function candidateParts({ content, finishReason, index }: Fields): AnswerPart[] {
  const pieces = listOf(fieldsOf(content).parts)
  return [...pieces.flatMap((piece, at) => pieceParts(fieldsOf(piece), at, index)), ...stopPart(finishReason)]
}

function usageOf(usage: Fields): AnswerPart[] {
  return usagePart({
    input: usage.promptTokenCount,
    cached: usage.cachedContentTokenCount,
    output: sumOf(usage.candidatesTokenCount, usage.thoughtsTokenCount),
    reasoning: usage.thoughtsTokenCount,
  })
}

function pieceParts(piece: Fields, at: number, choice: unknown): AnswerPart[] {
  const { text, thought, functionCall, executableCode, codeExecutionResult } = piece
  if (isFields(functionCall)) {
    const { id, name, args } = functionCall
    return [wholeCall(id, name, args ?? {}, at)]
  }
  if (isFields(executableCode))
    return [{ part: 'tool_call', key: 'code', name: 'code_execution', whole: executableCode }]
  if (isFields(codeExecutionResult)) return [{ part: 'tool_result', key: 'code', value: codeExecutionResult }]
  return textPart(thought === true ? 'reasoning' : 'content', text, choice)
}
