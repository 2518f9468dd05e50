/** Terms that narrow the list to what one event has, or hide it. */
import { parseFilter } from '../../src/shared/filter/parse.ts'
import type { DecodedPreview } from '../../src/shared/protocol/decoding.ts'
import type { EventPreview } from '../../src/shared/protocol.ts'
import { decodedIn } from '../format/decoded.ts'
import type { EventSummary } from './events/event-summary.ts'
import { namingField } from './preview/pieces.ts'

/** The type that a filter goes by: a part of a packet is text or binary there. */
export function filteredType(
  { type }: Pick<EventSummary, 'type'>,
  preview: EventPreview | undefined,
): string {
  return preview?.isPart === true ? preview.payloadName : type
}

/** A term that events of the same type match: what is decoded, the name in the payload, the SSE event, or the kind of event. */
export function typeTerm(row: EventSummary, preview: EventPreview | undefined): string {
  const { kind, eventName } = row
  const type = filteredType(row, preview)
  const decoded = decodedIn(preview)
  if (decoded !== undefined) return decodedTerm(decoded)
  if (kind.type !== 'message') return `type:${kind.type}`
  if (eventName !== '') return `event:${wordTerm(eventName)}`
  const field = preview && namingField(preview.text, type)
  if (field !== undefined) return `$.${field} == ${JSON.stringify(type)}`
  return kind.binary || type === 'binary' ? 'type:binary' : 'type:text'
}

function decodedTerm({ kind, name }: DecodedPreview): string {
  return name === undefined ? `kind:${kind}` : `kind:${kind} name:${wordTerm(name)}`
}

/** A text as the value of a field, quoted if it has to be. */
function wordTerm(text: string): string {
  return /[\s()"*]/.test(text) ? quoted(text) : text
}

export function connectionTerm(id: number): string {
  return `conn:${id}`
}

/** A term that events match whose value at a path is the same. `source` is the value as JSON. */
export function valueTerm(path: string, source: string): string {
  return /^[[{]/.test(source) ? path : `${path} == ${source}`
}

/** A filter that a term narrows further. With `not`, it hides what matches the term. */
export function withTerm(text: string, term: string, not = false): string {
  const added = not ? `not ${/ /.test(term) ? `(${term})` : term}` : term
  const old = text.trim()
  if (old === '') return added
  return `${isAlternative(old) ? `(${old})` : old} ${added}`
}

function isAlternative(text: string): boolean {
  try {
    return parseFilter(text).kind === 'or'
  } catch {
    return false
  }
}

function quoted(text: string): string {
  return `"${text.replaceAll(/["\\]/g, '\\$&')}"`
}
