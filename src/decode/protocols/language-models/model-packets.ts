/** The packets of messages to and from a language model. */

import { type Fields, fieldsOf } from '../../../shared/fields.ts'
import type { Packet } from '../../decoder.ts'
import { stringOf } from '../fields.ts'
import type { ModelDialect } from './dialect.ts'
import type { AnswerPart } from './parts.ts'

/** A connection has one answer at a time, so all requests have the same key. */
const ANSWER = 'answer'
/** Parts that name a packet, before its own type. */
const NAMES: readonly AnswerPart['part'][] = ['content', 'reasoning', 'tool_call', 'tool_result', 'stop']
const MAX_NAME = 200

/** The request to a model, with its body. */
export function requestPacket(dialect: ModelDialect, value: unknown, path: string): Packet {
  const model = stringOf(fieldsOf(value).model)
  return {
    kind: 'request',
    ...named(model ?? dialect.modelIn?.(path)),
    value,
    asks: ANSWER,
  }
}

/** What a model says: a piece of the answer, its end, or a failure. */
export function answerPacket(dialect: ModelDialect, value: unknown): Packet {
  const parts = dialect.parts(fieldsOf(value))
  const kinds = new Set(parts.map(({ part }) => part))
  if (kinds.has('ping')) return { kind: 'heartbeat', ...named('ping'), value }
  const kind = kinds.has('error') ? 'error' : kinds.has('done') ? 'complete' : 'data'
  const name = nameOf(dialect, fieldsOf(value), kind === 'data', kinds)
  return { kind, ...named(name ?? kind), value, answersTo: ANSWER, continues: true }
}

function nameOf(
  dialect: ModelDialect,
  fields: Fields,
  isData: boolean,
  kinds: ReadonlySet<AnswerPart['part']>,
): string | undefined {
  const own = dialect.nameOf?.(fields) ?? stringOf(fields.type)
  const part = NAMES.find((each) => kinds.has(each))
  const name = isData ? (part ?? own) : (own ?? part)
  return name ?? (kinds.has('usage') ? 'usage' : stringOf(fields.object))
}

/** What follows the last event of some vendors. */
export function donePacket(): Packet {
  return { kind: 'complete', value: '[DONE]', answersTo: ANSWER, continues: true }
}

function named(name: string | undefined): { name?: string } {
  return name === undefined || name === '' ? {} : { name: name.slice(0, MAX_NAME) }
}
