/** What decoded events of language models add to an answer. */
import type { DecodedEvent } from '../../shared/decoded.ts'
import { type Fields, isFields } from '../../shared/fields.ts'
import { bedrock } from '../protocols/event-stream/bedrock.ts'
import { responsesParts } from '../protocols/language-models/openai-responses.ts'
import type { AnswerPart } from '../protocols/language-models/parts.ts'
import { MODEL_DIALECTS } from '../protocols/language-models/vendors.ts'

/** A protocol in which one connection has many answers without a request of its own for each. */
export const OPENAI_REALTIME = 'openai-realtime'

const PARTS: ReadonlyMap<string, (value: Fields) => readonly AnswerPart[]> = new Map([
  ...[...MODEL_DIALECTS, bedrock].map(({ name, parts }) => [name, parts] as const),
  [OPENAI_REALTIME, responsesParts],
])

/** Whether connections of a protocol may have answers of a language model. */
export function mayHaveAnswers(protocol: string): boolean {
  return PARTS.has(protocol)
}

/** What a person reads first of what an event adds to an answer: its text, else why it ended, what failed, or its usage. */
export function addedBy(event: DecodedEvent): unknown {
  if (!mayHaveAnswers(event.protocol)) return undefined
  const parts = partsOf(event)
  const text = parts.map(textOf).join('')
  if (text !== '') return text
  for (const part of parts) {
    if (part.part === 'stop') return part.reason
    if (part.part === 'error') return part.message
    if (part.part === 'usage') return part.usage
  }
  return undefined
}

function textOf(part: AnswerPart): string {
  if (part.part === 'content' || part.part === 'reasoning') return part.text
  if (part.part !== 'tool_call') return ''
  const { name, piece, whole } = part
  const said = whole === undefined ? piece : JSON.stringify(whole)
  return [name, said].filter(Boolean).join(' ')
}

/** Empty for a request, and for other protocols. */
export function partsOf({ protocol, kind, value }: DecodedEvent): readonly AnswerPart[] {
  if (kind === 'request') return []
  if (!isFields(value)) return kind === 'complete' ? [{ part: 'done' }] : []
  return PARTS.get(protocol)?.(value) ?? []
}
